from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from transformers import (
    BertConfig,
    BertModel,
    RobertaConfig,
    RobertaModel,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from rakg_assets.extraction.encoders.encoder import (
    BertEncoder,
    EncoderError,
    embedding_encoder,
    load_encoder,
)
from rakg_assets.extraction.packed_network import PackedNetwork, first_position
from rakg_assets.extraction.packing import PackedReader
from rakg_assets.extraction.pairs import Pair, candidate_pairs
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.relation_network import RelationSizes
from rakg_assets_tests.extraction.conftest import marked

SIZES = RelationSizes(hidden=8, feature=4, dropout=0.5, facts=(), labels=3)
DOCUMENTS = [
    marked("[双手]b[肿痛]s3年，伴[双膝]b[晨僵]s，[右踝]b无[疼痛]s。"),
    marked("服[甲氨蝶呤]t后[疼痛]s。"),
]
TOKENS = ["<s>", "<pad>", "</s>", "<unk>", *"双手肿痛3年伴膝晨僵，右踝无疼。服甲氨蝶呤后$#"]
SMALL = {
    "vocab_size": len(TOKENS),
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
    "pad_token_id": 1,
}
KINDS = [
    (BertModel, BertConfig, 0),
    (RobertaModel, RobertaConfig, 2),
    (XLMRobertaModel, XLMRobertaConfig, 2),
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind[0].__name__)
def encoder(request: pytest.FixtureRequest) -> BertEncoder:
    model, config, _ = request.param
    torch.manual_seed(0)
    return BertEncoder(model(config(**SMALL), add_pooling_layer=False), TOKENS).eval()


@pytest.fixture(params=["eager", "sdpa"])
def network(encoder: BertEncoder, request: pytest.FixtureRequest) -> PackedNetwork:
    encoder.backbone.set_attn_implementation(request.param)
    torch.manual_seed(1)
    return PackedNetwork(encoder, SIZES).eval()


def reader_of(network: PackedNetwork) -> PackedReader:
    config = {"window": 60, "pass_tokens": 512}
    encoder = network.encoder
    return PackedReader.of(config, encoder, encoder.limit, RelationCues({}), ())


def inputs_of(network: PackedNetwork, pairs: list[Pair]) -> dict[str, Tensor]:
    arrays = reader_of(network).arrays(pairs)
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def pairs_of(network: PackedNetwork) -> list[Pair]:
    return list(candidate_pairs(DOCUMENTS, reader_of(network).writer))


def test_pairs_have_no_influence_on_each_other(network: PackedNetwork) -> None:
    pairs = pairs_of(network)
    together = network.scores(**inputs_of(network, pairs))
    assert together.shape == (10, 3)
    assert together[:, 0].unique().numel() == 10
    for pair, expected in zip(pairs, together, strict=True):
        alone = network.scores(**inputs_of(network, [pair]))[0]
        assert torch.allclose(alone, expected, atol=1e-5)
    backwards = network.scores(**inputs_of(network, pairs[::-1]))
    assert torch.allclose(backwards.flip(0), together, atol=1e-5)


def test_text_reads_as_it_does_without_markers(network: PackedNetwork) -> None:
    inputs = inputs_of(network, pairs_of(network))
    ids, lengths = inputs["ids"], inputs["lengths"]
    assert len(lengths.unique()) == len(inputs["counts"].unique()) == 2
    mask = torch.arange(ids.shape[1]) < lengths[:, None]
    plain = network.encoder(ids, mask)
    read = network.encoded(ids, lengths, inputs["counts"], inputs["ends"])
    text = read[:, 1 : ids.shape[1] + 1]
    assert torch.allclose(text[mask], plain.characters[mask], atol=1e-5)
    assert torch.allclose(read[:, 0], plain.sentence, atol=1e-5)


def test_a_marker_knows_where_it_stands_and_its_pair(network: PackedNetwork) -> None:
    inputs = inputs_of(network, pairs_of(network)[:2])
    given = inputs["ids"], inputs["lengths"], inputs["counts"]
    read = network.encoded(*given, inputs["ends"])
    moved = inputs["ends"].clone()
    moved[0, 0, 3] += 1
    other = network.encoded(*given, moved)
    marks, others = read[0, -8:].view(2, 4, -1), other[0, -8:].view(2, 4, -1)
    assert ((marks[0] - others[0]).abs().amax(-1) > 1e-4).all()
    assert torch.equal(marks[1], others[1])


def test_all_parts_learn(network: PackedNetwork) -> None:
    network.zero_grad()
    network.train().scores(**inputs_of(network, pairs_of(network))).sum().backward()
    still = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    # What is subtracted from all attention scores alike has no effect.
    assert [name for name in still if not name.endswith("key.bias")] == []


def test_markers_begin_as_the_marks(encoder: BertEncoder) -> None:
    words = encoder.backbone.get_input_embeddings().weight
    network = PackedNetwork(encoder, SIZES)
    assert torch.equal(network.markers.weight, words[encoder.ids("$$##")])
    assert network.markers.weight.data_ptr() != words.data_ptr()


@pytest.mark.parametrize(("model", "config", "first"), KINDS)
def test_positions_begin_where_the_encoder_begins(
    model: type[nn.Module], config: type, first: int
) -> None:
    backbone = model(config(**SMALL), add_pooling_layer=False)
    assert first_position(BertEncoder(backbone, TOKENS)) == first


def test_an_encoder_on_disk_reads_packed_pairs(tiny_bert: Path) -> None:
    network = PackedNetwork(load_encoder(str(tiny_bert)), SIZES).eval()
    assert network.scores(**inputs_of(network, pairs_of(network))).isfinite().all()


def test_an_encoder_without_a_table_of_positions_is_refused() -> None:
    with pytest.raises(EncoderError, match="the network ffnn"):
        PackedNetwork(embedding_encoder(["双手"], 8, 0.0), SIZES)
