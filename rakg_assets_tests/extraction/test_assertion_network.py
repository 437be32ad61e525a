import pytest
import torch

from rakg_assets.extraction.assertion_network import (
    AssertionBatch,
    AssertionNetwork,
    AssertionSizes,
)
from rakg_assets.extraction.encoders.encoder import embedding_encoder


@pytest.fixture
def network() -> AssertionNetwork:
    torch.manual_seed(0)
    sizes = AssertionSizes(hidden=8, feature=4, dropout=0.3, forget=0.5, facts=(4, 5))
    return AssertionNetwork(embedding_encoder(["甲乙丙丁"], 8, 0.1), sizes).eval()


def batch(*rows: list[int], entities: list[tuple[int, int, int]]) -> AssertionBatch:
    """Rows of ids; entities as (row, first, last)."""
    longest = max(map(len, rows))
    rows_of, firsts, lasts = map(torch.tensor, zip(*entities, strict=True))
    return AssertionBatch(
        ids=torch.tensor([row + [0] * (longest - len(row)) for row in rows]),
        lengths=torch.tensor([len(row) for row in rows]),
        rows=rows_of,
        firsts=firsts,
        lasts=lasts,
        facts=torch.tensor([[2, 3]] * len(entities)),
        labels=torch.tensor([0] * len(entities)),
    )


def test_every_entity_gets_four_scores_alone_as_in_company(network: AssertionNetwork) -> None:
    long, short = [2, 3, 4, 5, 2, 3, 4], [5, 4]
    together = network(batch(long, short, entities=[(0, 1, 2), (0, 4, 4), (1, 0, 1)]))
    alone = network(batch(short, entities=[(0, 0, 1)]))
    assert together.shape == (3, 4)
    assert torch.allclose(together[2], alone[0], atol=1e-6)


def test_what_stands_on_both_sides_counts(network: AssertionNetwork) -> None:
    base = network(batch([2, 3, 4, 3], entities=[(0, 1, 2)]))
    for changed in ([5, 3, 4, 3], [2, 3, 4, 5]):
        assert not torch.allclose(base, network(batch(changed, entities=[(0, 1, 2)])))


def test_facts_count_and_some_are_forgotten_in_training_alone(network: AssertionNetwork) -> None:
    given = batch([2, 3, 4], entities=[(0, 1, 1)] * 200)
    network.dropout.p = network.classifier[2].p = network.encoder.forget = 0.0
    assert len(network(given).unique(dim=0)) == 1
    assert len(network.train()(given).unique(dim=0)) == 4
    assert network.loss(given) > 0
