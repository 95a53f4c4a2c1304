"""The systems whose files are known, each a module that tells its own and reads them."""

from core_model.results.systems import (
    gvhmr,
    hybrik,
    mmhuman3d,
    motion_x,
    phalp,
    prompthmr,
    romp,
    slahmr,
    smpl_codec,
    smpl_family,
    tram,
    vibe,
    wham,
)

SYSTEMS = (
    gvhmr,
    wham,
    vibe,
    phalp,
    tram,
    prompthmr,
    slahmr,
    hybrik,
    romp,
    mmhuman3d,
    smpl_codec,
    motion_x,
    smpl_family,
)
"""In the order in which they are asked: the plain names that many use come last."""

__all__ = ["SYSTEMS"]
