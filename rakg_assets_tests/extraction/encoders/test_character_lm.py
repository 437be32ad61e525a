import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.encoders.character_lm import SPECIAL_TOKENS, CharacterLmEncoder
from rakg_assets.extraction.encoders.character_lm_training import (
    CharacterLanguageModels,
    CharacterLmConfig,
    RowBatch,
    train_character_lm,
)
from rakg_assets.extraction.encoders.encoder import EncoderError, load_encoder, restore_encoder
from rakg_assets.extraction.encoders.meaning import NameEncoder
from rakg_assets.extraction.ner import NerConfig, load_ner
from rakg_assets.extraction.ner_training import train_ner
from rakg_assets.extraction.training import TrainingError, parameter_groups
from rakg_assets_tests.extraction.conftest import TEXTS, marked

SENTENCES = [marked(text).text for _, text in TEXTS] * 8
SMALL = CharacterLmConfig(
    size=12,
    embedding_size=8,
    head_size=8,
    passes=2,
    row_length=32,
    batch_rows=4,
    checkpoint_rows=12,
    held_out=0.1,
    device="cpu",
    threads=1,
)
NEAR = {"atol": 1e-6, "rtol": 0.0}


@pytest.fixture
def encoder() -> CharacterLmEncoder:
    torch.manual_seed(0)
    return CharacterLmEncoder([*SPECIAL_TOKENS, *"双手肿痛晨僵 r"], 8, 12).eval()


def batch(encoder: CharacterLmEncoder, *texts: str) -> RowBatch:
    rows = [torch.tensor(encoder.ids(text), dtype=torch.long) for text in texts]
    ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    lengths = torch.tensor([len(row) for row in rows])
    return RowBatch(ids, torch.arange(ids.shape[1]) < lengths[:, None])


def same(a: Path, b: Path) -> bool:
    ours, theirs = load_encoder(str(a)).state_dict(), load_encoder(str(b)).state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[n], theirs[n]) for n in ours)


def test_a_text_that_repeats_is_learnt_in_both_directions(tmp_path: Path) -> None:
    config = replace(SMALL, passes=16, batch_rows=8, checkpoint_rows=100, learning_rate=2e-2)
    texts = ["双手肿痛伴晨僵" * times for times in range(10, 30)]
    report = train_character_lm(texts, config, tmp_path / "e")
    # Nothing tells the first character of a row; with chance for these it is 7 ** (1 / 32).
    assert report.kept.dev["perplexity"] < 1.2 < report.first.dev["perplexity"]
    assert report.kept.dev["accuracy"] > 90
    assert report.training.epochs[-1].loss < report.first.loss
    assert report.rows_read == 16 * (report.rows - report.held_rows)
    assert (tmp_path / "e/metrics.json").read_text("utf-8") == report.to_text()


def test_no_direction_sees_what_it_is_to_tell(encoder: CharacterLmEncoder) -> None:
    models = CharacterLanguageModels(encoder, 8).eval()
    with torch.no_grad():
        one, targets = models(batch(encoder, "双手肿痛晨"))
        other, _ = models(batch(encoder, "双手r痛晨"))
    assert targets.tolist() == 2 * encoder.ids("双手肿痛晨")
    alike = torch.isclose(one, other, atol=1e-6).all(-1).view(2, 5)
    assert alike[0].tolist() == [True, True, True, False, False]
    assert alike[1].tolist() == [False, False, True, True, True]


def test_neighbours_and_padding_change_nothing(encoder: CharacterLmEncoder) -> None:
    both, alone = batch(encoder, "双手肿痛晨僵", "晨僵"), batch(encoder, "晨僵")
    with torch.no_grad():
        together, apart = encoder(both.ids, both.mask), encoder(alone.ids, alone.mask)
        noise = encoder(both.ids.masked_fill(~both.mask, 5), both.mask)
    torch.testing.assert_close(together.characters[1, :2], apart.characters[0], **NEAR)
    torch.testing.assert_close(together.sentence[1], apart.sentence[0], **NEAR)
    assert torch.equal(together.characters, noise.characters)
    assert together.characters.shape == (2, 6, encoder.size)
    assert together.characters[1, 2:].abs().sum() == 0


def test_the_sentence_vector_has_read_the_whole_text_both_ways(
    encoder: CharacterLmEncoder,
) -> None:
    with torch.no_grad():
        read = [encoder(*vars(batch(encoder, text)).values()) for text in ("双手肿", "双r肿")]
    changed = ~torch.isclose(read[0].sentence, read[1].sentence, atol=1e-6)
    assert changed[0, :12].any()
    assert changed[0, 12:].any()


def test_names_may_be_empty(encoder: CharacterLmEncoder) -> None:
    cosines = NameEncoder(lambda: encoder).cosines(["", "双手", "双手"], ["双手", "双手", "RF"])
    assert cosines[:2] == pytest.approx([0, 1], abs=1e-3)
    assert abs(cosines[2]) < 1


def test_a_run_cut_short_goes_on_to_the_same_encoder(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0.6 * total:
            raise KeyboardInterrupt

    expected = train_character_lm(SENTENCES, SMALL, tmp_path / "a")
    assert len(expected.training.epochs) > SMALL.passes
    with pytest.raises(KeyboardInterrupt):
        train_character_lm(SENTENCES, SMALL, tmp_path / "b", stop)
    assert (tmp_path / "b/checkpoint").is_dir()
    assert train_character_lm(SENTENCES, SMALL, tmp_path / "b") == expected
    assert same(tmp_path / "a", tmp_path / "b")
    assert not (tmp_path / "b/checkpoint").exists()


def test_the_folder_gives_the_encoder_back(tmp_path: Path) -> None:
    train_character_lm([*SENTENCES, "罕"], SMALL, tmp_path / "e")
    files = {p.name for p in (tmp_path / "e").iterdir()}
    assert files == {"config.json", "model.safetensors", "vocab.txt", "metrics.json"}
    encoder = load_encoder(str(tmp_path / "e")).eval()
    assert (encoder.size, encoder.tokens[:4]) == (24, SPECIAL_TOKENS)
    assert "罕" not in encoder.tokens
    again = restore_encoder(json.loads(json.dumps(encoder.to_json()))).eval()
    again.load_state_dict(encoder.state_dict())
    text = batch(encoder, "双手 RF罕")
    with torch.no_grad():
        ours, theirs = encoder(text.ids, text.mask), again(text.ids, text.mask)
    assert torch.equal(ours.characters, theirs.characters)


def test_entities_are_learnt_on_top_and_the_encoder_has_its_own_rate(
    labelled: list[Document], tmp_path: Path
) -> None:
    train_character_lm(SENTENCES, SMALL, tmp_path / "e")
    config = NerConfig(encoder=str(tmp_path / "e"), epochs=1, device="cpu", hidden_size=8)
    assert train_ner(labelled, labelled, config, tmp_path / "m").epochs
    model = load_ner(tmp_path / "m", "cpu")
    assert isinstance(model.network.encoder, CharacterLmEncoder)
    assert len(model.predict(labelled)) == len(labelled)
    _, inner = parameter_groups(model.network, 1e-4)
    expected = {id(p) for p in model.network.encoder.parameters()}
    assert {id(p) for p in inner["params"]} == expected


def test_a_training_may_end_early_with_half_the_bytes(tmp_path: Path) -> None:
    full = train_character_lm(SENTENCES, SMALL, tmp_path / "a", enough=lambda: True)
    config = replace(SMALL, half=True)
    over, card = (lambda: True), (lambda report: f"{report.rows} rows")
    half = train_character_lm(SENTENCES, config, tmp_path / "b", enough=over, card=card)
    assert (tmp_path / "b/README.md").read_text("utf-8") == f"{half.rows} rows"
    assert len(full.training.epochs) == len(half.training.epochs) == 1
    assert half.rows_read < half.rows - half.held_rows
    ours, theirs = load_encoder(str(tmp_path / "a")), load_encoder(str(tmp_path / "b"))
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert other.dtype == torch.float32
        torch.testing.assert_close(one, other, atol=1e-2, rtol=1e-3)


def test_too_little_text_is_an_error_that_says_so(tmp_path: Path) -> None:
    for texts in ([], [""], ["双手双手"]):
        with pytest.raises(TrainingError, match="too little text"):
            train_character_lm(texts, SMALL, tmp_path / "e")


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"notes\.txt"):
        train_character_lm(SENTENCES, SMALL, tmp_path)


def test_a_damaged_folder_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    train_character_lm(SENTENCES, SMALL, tmp_path / "e")
    vocabulary, config = tmp_path / "e/vocab.txt", tmp_path / "e/config.json"
    text = vocabulary.read_text("utf-8")
    vocabulary.write_text(text + "罕\n", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"model\.safetensors: RuntimeError.*train the encoder"):
        load_encoder(str(tmp_path / "e"))
    vocabulary.write_text(text, encoding="utf-8")
    config.write_text('{"model_type": "character-lm", "hidden_size": 12}', encoding="utf-8")
    with pytest.raises(EncoderError, match="without embedding_size"):
        load_encoder(str(tmp_path / "e"))
    for broken in ("{", "[]"):
        config.write_text(broken, encoding="utf-8")
        with pytest.raises(EncoderError, match=r"config\.json: no.* write the encoder again"):
            load_encoder(str(tmp_path / "e"))
