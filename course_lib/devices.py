"""Where tensors live and in which precision."""

import torch


def best_device() -> torch.device:
    """Return the CUDA device where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def working_dtype(device: torch.device | str) -> torch.dtype:
    """Return float64 on the CPU and float32 elsewhere, where double precision is slow or missing.

    Source: NVIDIA, CUDA C++ Programming Guide, arithmetic instructions: consumer GPUs have 1/32 or
        1/64 of the throughput in double precision.
    """
    return torch.float64 if torch.device(device).type == "cpu" else torch.float32


def to_device(
    tensors: tuple[torch.Tensor, ...], device: torch.device | str
) -> tuple[torch.Tensor, ...]:
    """Return the tensors on a device, in one call; those that are there already are not copied."""
    return tuple(tensor.to(device) for tensor in tensors)
