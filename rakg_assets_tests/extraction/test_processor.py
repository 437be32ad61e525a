import os
from pathlib import Path

import pytest

from rakg_assets.extraction import processor


def test_at_least_one_core_may_be_used() -> None:
    assert 1 <= processor.cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("flags", "bytes_", "bfloat16"),
    [
        ("fma avx2 avx512f", False, False),
        ("avx2 avx512_vnni", True, False),
        ("avx2 avx_vnni", True, False),
        ("avx512_vnni avx512_bf16", True, True),
        ("amx_bf16 amx_tile amx_int8", False, True),
        (None, False, False),
    ],
)
def test_products_are_read_off_the_processors_description(
    flags: str | None,
    bytes_: bool,
    bfloat16: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if flags is not None:
        (tmp_path / "cpuinfo").write_text(f"flags\t: {flags}\n", encoding="ascii")
    monkeypatch.setattr(processor, "_DESCRIPTION", tmp_path / "cpuinfo")
    assert processor.has_byte_products() == bytes_
    assert processor.has_bfloat16_products() == bfloat16
