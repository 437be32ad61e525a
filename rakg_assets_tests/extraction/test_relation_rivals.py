import pytest
import torch
from torch import Tensor

from rakg_assets.extraction.encoders.encoder import embedding_encoder
from rakg_assets.extraction.relation_network import RelationBatch, RelationSizes
from rakg_assets.extraction.relation_reading import BETWEEN, HEAD, LEFT, RIGHT, TAIL
from rakg_assets.extraction.relation_rivals import (
    BilstmAttention,
    CharacterNetwork,
    CnnAttention,
    PipelinedRnn,
)

SIZES = RelationSizes(hidden=8, feature=4, dropout=0.3, facts=(), labels=3)
ROLES = [
    [LEFT, HEAD, HEAD, BETWEEN, BETWEEN, TAIL, RIGHT, RIGHT],
    [TAIL, BETWEEN, HEAD, 0, 0, 0, 0, 0],
]


@pytest.fixture(params=[PipelinedRnn, CnnAttention, BilstmAttention])
def network(request: pytest.FixtureRequest) -> CharacterNetwork:
    torch.manual_seed(0)
    return request.param(embedding_encoder(["甲乙丙丁"], 8, 0.0), SIZES).eval()


@pytest.fixture
def inputs() -> dict[str, Tensor]:
    roles = torch.tensor(ROLES)
    ids = torch.tensor([[2, 3, 4, 5, 2, 3, 4, 5], [3, 4, 5, 0, 0, 0, 0, 0]])
    allowed = torch.tensor([[True, True, True], [True, True, False]])
    return {
        "ids": ids,
        "roles": roles,
        "facts": torch.zeros(2, 0, dtype=torch.long),
        "allowed": allowed,
    }


def test_a_pair_gets_the_same_alone_and_in_company(
    network: CharacterNetwork, inputs: dict[str, Tensor]
) -> None:
    together = network.scores(**inputs)
    short = {name: tensor[1:] for name, tensor in inputs.items()}
    short |= {name: short[name][:, :3] for name in ("ids", "roles")}
    assert torch.allclose(network.scores(**short)[0], together[1], atol=1e-6)
    assert together[1, 2] == together.min() == -1e4


def test_every_character_and_its_role_count(
    network: CharacterNetwork, inputs: dict[str, Tensor]
) -> None:
    before = network.scores(**inputs)
    for name, place, value in (("ids", 2, 5), ("ids", 3, 2), ("roles", 3, LEFT)):
        changed = inputs[name].clone()
        changed[0, place] = value
        after = network.scores(**{**inputs, name: changed})
        assert not torch.equal(after[0], before[0])
        assert torch.equal(after[1], before[1])


def test_it_learns_what_stands_between(
    network: CharacterNetwork, inputs: dict[str, Tensor]
) -> None:
    both = {name: tensor[:1].repeat(2, *[1] * (tensor.ndim - 1)) for name, tensor in inputs.items()}
    both["ids"][1, 3] = 2
    batch = RelationBatch(both, torch.tensor([1, 2]))
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-2)
    for _ in range(60):
        optimizer.zero_grad()
        network.loss(batch).backward()
        optimizer.step()
    assert network(batch).argmax(-1).tolist() == [1, 2]
