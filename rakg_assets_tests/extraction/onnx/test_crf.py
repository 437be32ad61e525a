from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rakg_assets.extraction.artifacts import CRF, ModelError
from rakg_assets.extraction.crf import ConstrainedCRF
from rakg_assets.extraction.onnx.crf import SCORES, CrfScores, read_scores
from rakg_assets.extraction.tagging import TagSet

TAGS = TagSet(("a", "b", "c"))


def pair(learned: bool) -> tuple[ConstrainedCRF, CrfScores]:
    crf = ConstrainedCRF(TAGS, learned)
    return crf, CrfScores(**{p: getattr(crf, n).detach().numpy() for p, n in SCORES.items()})


@settings(deadline=None, max_examples=60)
@given(
    lengths=st.lists(st.integers(1, 12), min_size=1, max_size=5),
    seed=st.integers(0, 10_000),
    scale=st.sampled_from([0.1, 2.0, 15.0]),
    learned=st.booleans(),
)
def test_it_equals_the_torch_class(
    lengths: list[int], seed: int, scale: float, learned: bool
) -> None:
    torch.manual_seed(seed)
    crf, scores = pair(learned)
    emissions = scale * torch.randn(len(lengths), max(lengths), len(TAGS))
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    arrays = emissions.numpy(), mask.numpy()
    assert scores.decode(*arrays) == crf.decode(emissions, mask)
    spans = [
        [(s, e, b) for s in range(n) for e in range(s + 1, n + 1) for b in (1, 5)] if i % 3 else []
        for i, n in enumerate(lengths)
    ]
    expected = crf.double().span_probabilities(emissions.double(), mask, spans)
    for ours, theirs in zip(scores.span_probabilities(*arrays, spans), expected, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-6)


def test_illegal_paths_are_never_decoded_however_much_the_network_wants_them() -> None:
    _, scores = pair(learned=True)
    emissions = np.zeros((3, 6, len(TAGS)), dtype=np.float32)
    emissions[..., 2] = 50  # everything shouts I-a
    assert scores.decode(emissions, np.ones((3, 6), dtype=bool)) == [[1, 2, 2, 2, 2, 2]] * 3


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="FileNotFoundError; export the model again"):
        read_scores(tmp_path)
    (tmp_path / CRF).write_bytes(b"broken")
    with pytest.raises(ModelError, match="export the model again"):
        read_scores(tmp_path)
