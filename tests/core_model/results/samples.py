"""One file of each system, made to its documented keys of motion whose joints are known."""

from collections.abc import Callable
from pathlib import Path

from tests.core_model.results import before_camera, in_world, parameters
from tests.core_model.results.seen import Sample

SYSTEMS: dict[str, Callable[[Path], Sample]] = {
    each.__name__: each
    for each in (
        in_world.gvhmr,
        in_world.wham,
        in_world.tram,
        in_world.prompthmr,
        in_world.slahmr,
        before_camera.vibe,
        before_camera.pare,
        before_camera.phalp,
        before_camera.hybrik,
        before_camera.romp,
        before_camera.mmhuman3d,
        parameters.smpl_codec,
        parameters.motion_x,
        parameters.amass_smplh,
        parameters.amass_smplx,
        parameters.smplx_without_rate,
        parameters.smpl_pickle,
    )
}
