"""What the processor of this machine offers. Does not belong here: what is made of it."""

from __future__ import annotations

import os
from pathlib import Path

_DESCRIPTION = Path("/proc/cpuinfo")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def has_byte_products() -> bool:
    """Whether it says that it has dot products of bytes (VNNI); where nothing can be read, no."""
    return "_vnni" in _flags()


def has_bfloat16_products() -> bool:
    """Whether it says that it has dot products of bfloat16 (AMX, AVX-512 BF16), likewise."""
    return "_bf16" in _flags()


def _flags() -> str:
    try:
        return _DESCRIPTION.read_text("ascii", "ignore")
    except OSError:
        return ""
