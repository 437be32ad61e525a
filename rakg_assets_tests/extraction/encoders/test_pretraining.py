import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction import training
from rakg_assets.extraction.checkpoints import Checkpoint
from rakg_assets.extraction.encoders.encoder import EncoderError, load_encoder
from rakg_assets.extraction.encoders.pretraining import (
    PretrainConfig,
    PretrainReport,
    pretrain_encoder,
)
from rakg_assets.extraction.encoders.texts import kept_back
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import NerConfig
from rakg_assets.extraction.ner_training import train_ner
from rakg_assets.extraction.training import TrainingError
from rakg_assets_tests.extraction.conftest import TEXTS, marked

SENTENCES = [marked(text).text for _, text in TEXTS] * 8
SMALL = PretrainConfig(
    layers=1,
    size=32,
    heads=2,
    passes=2,
    row_length=32,
    checkpoint_rows=10,
    held_out=0.1,
    device="cpu",
    threads=1,
)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_encoder(str(folder)).backbone.state_dict()


def same(a: Path, b: Path) -> bool:
    ours, theirs = weights(a), weights(b)
    return ours.keys() == theirs.keys() and all(torch.equal(ours[n], theirs[n]) for n in ours)


def test_a_fresh_encoder_learns_what_is_hidden(tmp_path: Path) -> None:
    config = replace(SMALL, passes=20, learning_rate=3e-3)
    report = pretrain_encoder(SENTENCES, config, tmp_path / "e")
    first, last = report.first, report.training.epochs[-1]
    assert last.loss < first.loss
    assert last.dev["loss"] < first.dev["loss"]
    assert last.dev["accuracy"] > first.dev["accuracy"]
    assert json.loads((tmp_path / "e/metrics.json").read_text("utf-8")) == asdict(report)
    assert report.kept.dev["accuracy"] == max(e.dev["accuracy"] for e in report.training.epochs)


def test_the_report_says_what_was_read(tmp_path: Path) -> None:
    report = pretrain_encoder(SENTENCES, SMALL, tmp_path / "e")
    assert (report.start, report.seed) == ("fresh", 0)
    rest, held = kept_back(SENTENCES, SMALL.held_out)
    assert report.characters == sum(map(len, [*rest, *held]))
    assert report.rows_read == 2 * (report.rows - report.held_rows)


def test_the_folder_is_an_encoder_to_train_from(labelled: list[Document], tmp_path: Path) -> None:
    pretrain_encoder(SENTENCES, SMALL, tmp_path / "e")
    files = {p.name for p in (tmp_path / "e").iterdir()}
    assert files == {"config.json", "model.safetensors", "vocab.txt", "metrics.json"}
    encoder = load_encoder(str(tmp_path / "e"))
    assert encoder.size == 32
    assert encoder.tokens[:5] == ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    config = NerConfig(encoder=str(tmp_path / "e"), epochs=1, device="cpu", threads=1)
    assert train_ner(labelled, [], config, tmp_path / "m").epochs


def test_a_given_encoder_is_carried_on(tiny_bert: Path, tmp_path: Path) -> None:
    config = replace(SMALL, encoder=str(tiny_bert))
    report = pretrain_encoder(SENTENCES, config, tmp_path / "e")
    assert report.start == tiny_bert.name
    before, after = load_encoder(str(tiny_bert)), load_encoder(str(tmp_path / "e"))
    assert before.tokens == after.tokens
    assert before.to_json()["config"]["hidden_size"] == after.to_json()["config"]["hidden_size"]
    assert not same(tiny_bert, tmp_path / "e")


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PretrainReport, int]:
    """An encoder trained in one go, its report, and how many batches were read."""
    seen: list[int] = []
    folder = tmp_path_factory.mktemp("whole") / "e"
    report = pretrain_encoder(SENTENCES, SMALL, folder, lambda done, total: seen.append(done))
    assert len(report.training.epochs) > SMALL.passes
    return folder, report, len(seen)


@pytest.mark.parametrize("share", [0.0, 0.4, 0.55, 0.99])
def test_a_run_cut_short_anywhere_goes_on_to_the_same_bits(
    uninterrupted: tuple[Path, PretrainReport, int], tmp_path: Path, share: float
) -> None:
    folder, expected, batches = uninterrupted
    before: list[int] = []
    after: list[int] = []

    def stop(done: int, total: int) -> None:
        before.append(done)
        if len(before) > share * batches:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pretrain_encoder(SENTENCES, SMALL, tmp_path / "b", stop)
    again = pretrain_encoder(SENTENCES, SMALL, tmp_path / "b", lambda done, _: after.append(done))
    assert again == expected
    assert same(folder, tmp_path / "b")
    assert not (tmp_path / "b/checkpoint").exists()
    lost = len(before) + len(after) - batches
    assert 0 < lost <= SMALL.checkpoint_rows / SMALL.batch_rows + 1


def test_a_run_killed_at_its_last_step_before_a_checkpoint_goes_on(
    uninterrupted: tuple[Path, PretrainReport, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write, written = training.write_checkpoint, []

    def fail(path: Path, state: Checkpoint) -> None:
        written.append(path)
        if len(written) == 3:
            raise OSError(28, "disk full")
        write(path, state)

    monkeypatch.setattr(training, "write_checkpoint", fail)
    with pytest.raises(OSError, match="disk full"):
        pretrain_encoder(SENTENCES, SMALL, tmp_path / "b")
    assert pretrain_encoder(SENTENCES, SMALL, tmp_path / "b") == uninterrupted[1]
    assert same(uninterrupted[0], tmp_path / "b")


def test_a_checkpoint_of_other_terms_or_another_start_is_not_gone_on_with(
    tiny_bert: Path, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0.7 * total:
            raise KeyboardInterrupt

    def begins(config: PretrainConfig, lexicon: Lexicon | None) -> int:
        seen: list[int] = []
        pretrain_encoder(SENTENCES, config, tmp_path / "e", lambda d, _: seen.append(d), lexicon)
        return seen[0]

    shutil.copytree(tiny_bert, tmp_path / "base")
    config = replace(SMALL, encoder=str(tmp_path / "base"))
    for lexicon in (None, Lexicon({"t": ["甲氨蝶呤"]})):
        with pytest.raises(KeyboardInterrupt):
            pretrain_encoder(SENTENCES, config, tmp_path / "e", stop)
        weights = load_file(tmp_path / "base/model.safetensors")
        if lexicon is None:
            weights = {name: 2 * tensor for name, tensor in weights.items()}
        save_file(weights, tmp_path / "base/model.safetensors", {"format": "pt"})
        assert begins(config, lexicon) == 1


def test_progress_never_goes_back_and_ends_whole(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    pretrain_encoder(SENTENCES, SMALL, tmp_path / "e", lambda *step: seen.append(step))
    assert seen == sorted(seen)
    assert len({total for _, total in seen}) == 1
    assert seen[-1][0] == seen[-1][1]


def test_a_training_may_end_early_at_a_checkpoint(tmp_path: Path) -> None:
    asked: list[bool] = []

    def enough() -> bool:
        asked.append(True)
        return len(asked) == 2

    report = pretrain_encoder(SENTENCES, SMALL, tmp_path / "e", enough=enough)
    assert len(report.training.epochs) == 2
    assert 0 < report.rows_read <= 2 * SMALL.checkpoint_rows
    assert load_encoder(str(tmp_path / "e")).size == 32


def test_a_card_of_the_report_is_put_beside_the_weights(tmp_path: Path) -> None:
    pretrain_encoder(SENTENCES, SMALL, tmp_path / "e", card=lambda report: f"{report.rows} rows")
    assert (tmp_path / "e/README.md").read_text("utf-8").endswith(" rows")


def test_half_the_bytes_give_nearly_the_same_encoder(tmp_path: Path) -> None:
    pretrain_encoder(SENTENCES, SMALL, tmp_path / "a")
    pretrain_encoder(SENTENCES, replace(SMALL, half=True), tmp_path / "b")
    whole, half = ((tmp_path / n / "model.safetensors").stat().st_size for n in "ab")
    assert half < 0.6 * whole
    ours, theirs = weights(tmp_path / "a"), weights(tmp_path / "b")
    assert all(torch.allclose(ours[n], theirs[n], atol=1e-2) for n in ours)
    assert {t.dtype for t in theirs.values()} == {torch.float32}


def test_a_folder_with_other_files_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    with pytest.raises(EncoderError, match=r"holds thesis\.docx, .*name a new folder"):
        pretrain_encoder(SENTENCES, SMALL, tmp_path)


def test_the_encoder_in_use_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    pretrain_encoder(SENTENCES, SMALL, tmp_path / "e")
    before = weights(tmp_path / "e")
    with pytest.raises(KeyboardInterrupt):
        pretrain_encoder(SENTENCES, replace(SMALL, seed=1), tmp_path / "e", stop)
    assert all(torch.equal(before[n], t) for n, t in weights(tmp_path / "e").items())


def test_too_little_text_is_an_error_that_says_so(tmp_path: Path) -> None:
    for texts in ([], [""], ["双手双手"]):
        with pytest.raises(TrainingError, match="too little text"):
            pretrain_encoder(texts, SMALL, tmp_path / "e")


def test_an_encoder_without_a_mask_is_refused(tiny_bert: Path, tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((tiny_bert / name).read_bytes())
    text = (tiny_bert / "vocab.txt").read_text("utf-8").replace("[MASK]", "[unused]")
    (tmp_path / "vocab.txt").write_text(text, encoding="utf-8")
    with pytest.raises(EncoderError, match=r"lacks \[MASK\]"):
        pretrain_encoder(SENTENCES, replace(SMALL, encoder=str(tmp_path)), tmp_path / "e")
