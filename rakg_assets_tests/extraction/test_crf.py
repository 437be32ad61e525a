import itertools

import pytest
import torch

from rakg_assets.extraction.crf import ConstrainedCRF
from rakg_assets.extraction.tagging import TagSet

TAGS = TagSet(("a", "b"))


def weight(crf: ConstrainedCRF, emissions: torch.Tensor, path: tuple[int, ...]) -> float:
    score = crf.start_transitions[path[0]] + crf.end_transitions[path[-1]]
    score = score + sum(emissions[i, tag] for i, tag in enumerate(path))
    score = score + sum(crf.transitions[s, t] for s, t in itertools.pairwise(path))
    return float(score.detach().exp())


@pytest.mark.parametrize("learned", [True, False])
def test_span_probabilities_equal_the_sum_over_all_paths(learned: bool) -> None:
    torch.manual_seed(1)
    crf, padded = ConstrainedCRF(TAGS, learned), torch.randn(2, 6, 5)
    mask = torch.tensor([[True] * 6, [True] * 4 + [False] * 2])
    emissions = padded[1, :4]
    spans = [(s, e, b) for s in range(4) for e in range(s + 1, 5) for b in (1, 3)]
    _, found = crf.span_probabilities(padded, mask, [[], spans])
    weights = {p: weight(crf, emissions, p) for p in itertools.product(range(5), repeat=4)}
    total = sum(weights.values())
    for (start, end, begin), value in zip(spans, found, strict=True):
        label = TAGS.labels[begin // 2]
        inside = sum(w for p, w in weights.items() if (start, end, label) in TAGS.decode(p))
        assert value == pytest.approx(inside / total, abs=1e-5)


def test_illegal_paths_are_never_decoded_however_much_the_network_wants_them() -> None:
    crf = ConstrainedCRF(TAGS)
    emissions = torch.zeros(3, 6, 5)
    emissions[..., 2] = 50  # everything shouts I-a
    with torch.no_grad():
        crf.transitions.fill_(9.0)  # and an optimiser step went astray
    for path in crf.decode(emissions, torch.ones(3, 6, dtype=torch.bool)):
        assert path == [1, 2, 2, 2, 2, 2]


def test_constraints_survive_training_steps() -> None:
    torch.manual_seed(0)
    crf, mask = ConstrainedCRF(TAGS), torch.ones(1, 3, dtype=torch.bool)
    optimizer = torch.optim.AdamW(crf.parameters(), lr=0.5)
    for _ in range(5):
        optimizer.zero_grad()
        (-crf(torch.randn(1, 3, 5), torch.tensor([[1, 2, 0]]), mask)).backward()
        optimizer.step()
    ((probability,),) = crf.span_probabilities(torch.zeros(1, 3, 5), mask, [[(0, 1, 1)]])
    assert 0 <= probability <= 1
    assert float(crf.transitions.detach()[0, 2]) == -1e4


def test_without_spans_there_are_no_probabilities() -> None:
    mask = torch.ones(1, 2, dtype=torch.bool)
    assert ConstrainedCRF(TAGS).span_probabilities(torch.zeros(1, 2, 5), mask, [[]]) == [[]]
