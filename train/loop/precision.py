"""Whether a device calculates in bfloat16, or only emulates it, many times slower."""

import torch


def wants_bfloat16(wanted: bool | None, device: torch.device) -> bool:
    """Return what was wanted; if nothing, whether the device itself calculates in bfloat16."""
    if wanted is not None:
        return wanted
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
