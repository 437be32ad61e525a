import pytest
import torch
from torch import Tensor

from rakg_assets.extraction.encoders.encoder import embedding_encoder
from rakg_assets.extraction.relation_network import (
    RelationBatch,
    RelationNetwork,
    RelationSizes,
)
from rakg_assets.extraction.relation_reading import BETWEEN, HEAD, LEFT, RIGHT, TAIL

ROLES = [
    [LEFT, HEAD, BETWEEN, TAIL, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT],
    [TAIL, BETWEEN, HEAD, 0, 0, 0, 0, 0, 0, 0],
]


@pytest.fixture
def network() -> RelationNetwork:
    torch.manual_seed(0)
    sizes = RelationSizes(hidden=8, feature=4, dropout=0.5, facts=(3, 5), labels=3)
    return RelationNetwork(embedding_encoder(["甲乙丙丁"], 8, 0.1), sizes).eval()


Inputs = dict[str, Tensor]


@pytest.fixture
def batch() -> RelationBatch:
    roles = torch.tensor(ROLES)
    ids = torch.randint(2, 5, roles.shape, generator=torch.Generator().manual_seed(1))
    inputs = {
        "ids": ids * (roles != 0),
        "roles": roles,
        "facts": torch.tensor([[1, 2], [2, 4]]),
        "allowed": torch.tensor([[True, True, True], [True, True, False]]),
    }
    return RelationBatch(inputs, torch.tensor([2, 0]))


def test_labels_that_types_do_not_allow_get_no_probability(
    network: RelationNetwork, batch: RelationBatch
) -> None:
    probabilities = network(batch).softmax(-1)
    assert probabilities.shape == (2, 3)
    assert probabilities[1, 2] == 0
    assert network.loss(batch) > 0


def test_a_pair_gets_the_same_alone_and_in_company(
    network: RelationNetwork, batch: RelationBatch
) -> None:
    together = network(batch)
    for i, length in enumerate((10, 3)):
        alone = {name: tensor[i : i + 1] for name, tensor in batch.inputs.items()}
        alone |= {name: alone[name][:, :length] for name in ("ids", "roles")}
        assert torch.allclose(together[i], network.scores(**alone)[0], atol=1e-6)


def test_both_directions_are_read(network: RelationNetwork, batch: RelationBatch) -> None:
    for place in (0, 9):
        ids = batch.inputs["ids"].clone()
        ids[0, place] = 5 - ids[0, place] % 2
        changed = network.scores(**{**batch.inputs, "ids": ids})
        assert not torch.equal(network(batch)[0], changed[0])
        assert torch.equal(network(batch)[1], changed[1])


def test_a_temperature_divides_all_scores_that_can_be(
    network: RelationNetwork, batch: RelationBatch
) -> None:
    before = network(batch)
    network.cool(2.5)
    after = network(batch)
    assert torch.allclose(after[0], before[0] / 2.5, atol=1e-6)
    assert after[1, 2] == before[1, 2]


def test_a_batch_moves_whole(batch: RelationBatch) -> None:
    moved = batch.to(torch.device("meta"))
    assert {t.device.type for t in (*moved.inputs.values(), moved.labels)} == {"meta"}
