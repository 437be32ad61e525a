import pytest
import torch
from torch import nn

from rakg_assets.extraction.encoders.character_lm import CharacterLmEncoder
from rakg_assets.extraction.encoders.encoder import EmbeddingEncoder
from rakg_assets.extraction.regularising import MovingAverage, adversarial, disagreement
from rakg_assets.extraction.vocabulary import Vocabulary


def test_an_average_lags_behind_and_leaves_the_module_as_it_is() -> None:
    module = nn.Linear(2, 1, bias=False)
    nn.init.zeros_(module.weight)
    average = MovingAverage(module, 0.9)
    nn.init.ones_(module.weight)
    average.update()
    with average.in_place():
        assert module.weight.flatten().tolist() == pytest.approx([0.9, 0.9])  # 1 - 1 / 10
    assert module.weight.flatten().tolist() == [1, 1]


def test_the_share_of_the_past_grows_to_the_decay() -> None:
    module = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(module.weight)
    average = MovingAverage(module, 0.5)
    average.steps = 1_000
    nn.init.ones_(module.weight)
    average.update()
    assert average.state["weight"].item() == 0.5


def test_an_average_goes_on_from_what_was_saved() -> None:
    module = nn.Linear(2, 2)
    one, other = MovingAverage(module, 0.9), MovingAverage(module, 0.9)
    nn.init.ones_(module.weight)
    one.update()
    other.restore(one.saved())
    one.update()
    other.update()
    assert other.steps == one.steps == 2
    assert torch.equal(one.state["weight"], other.state["weight"])


@pytest.mark.parametrize("name", ["character_lm", "embedding"])
def test_character_vectors_of_every_encoder_are_known(name: str) -> None:
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "痛"]
    encoder = CharacterLmEncoder(tokens, 4, 4)
    if name == "embedding":
        encoder = EmbeddingEncoder(Vocabulary(["痛"]), 4)
    module = nn.ModuleDict({"encoder": encoder})
    ids = torch.tensor([encoder.ids("痛")])
    encoder(ids, ids > 0).characters.sum().backward()
    before = {name: p.detach().clone() for name, p in module.named_parameters()}
    with adversarial(module, 0.5):
        moved = [n for n, p in module.named_parameters() if not torch.equal(p, before[n])]
    assert [n for n in moved if n.endswith("embedding.weight")] == moved != []


class Reader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(3, 2)
        self.classifier = nn.Linear(2, 1)

    def loss(self) -> torch.Tensor:
        return self.classifier(self.word_embeddings(torch.tensor([0, 1]))).sum()


def test_vectors_stand_further_up_the_gradient_and_come_back() -> None:
    module = Reader()
    before, start = module.word_embeddings.weight.detach().clone(), module.loss()
    start.backward()
    with adversarial(module, 0.5):
        moved = module.word_embeddings.weight.detach() - before
        assert moved.norm().item() == pytest.approx(0.5, abs=1e-5)
        assert module.loss() > start
    assert torch.equal(module.word_embeddings.weight, before)


def test_readings_that_agree_are_not_apart() -> None:
    mask = torch.tensor([[True, True, False]])
    one = torch.tensor([[[1.0, 2.0], [0.0, 0.0], [5.0, 0.0]]])
    other = one.clone()
    other[0, 2] = 9.0  # padding does not count
    assert disagreement(one, other, mask).item() == 0
    other[0, 0] = torch.tensor([2.0, 1.0])
    # Probabilities 0.269 and 0.731 either way round: (p - q) ln(p / q) of both tags, halved.
    assert disagreement(one, other, mask).item() == pytest.approx(0.4621, abs=1e-3)
