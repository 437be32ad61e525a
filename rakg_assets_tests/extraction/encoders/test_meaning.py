"""Cosines of names by an encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rakg_assets.extraction.encoders.encoder import Encoder, load_encoder
from rakg_assets.extraction.encoders.meaning import NameEncoder


def test_cosines_do_not_depend_on_what_is_asked_with_them(tiny_bert: Path) -> None:
    encoder = NameEncoder(lambda: load_encoder(str(tiny_bert)))
    cosines = encoder.cosines(["关节痛", "膝", "关节痛"], ["关节痛", "膝关节", ""])
    assert cosines[0] == pytest.approx(1, abs=1e-5)
    assert -1 <= cosines[1] < 1
    assert cosines[2] == 0
    alone = NameEncoder(lambda: load_encoder(str(tiny_bert))).cosines(["膝"], ["膝关节"])
    np.testing.assert_allclose(alone, cosines[1:2], atol=1e-5)


def test_the_encoder_is_loaded_once_and_only_when_asked(tiny_bert: Path) -> None:
    loads: list[Path] = []

    def load() -> Encoder:
        loads.append(tiny_bert)
        return load_encoder(str(tiny_bert))

    encoder = NameEncoder(load)
    assert not loads
    encoder.cosines(["膝"], ["踝"])
    encoder.cosines(["膝"], ["髋"])
    assert len(loads) == 1
