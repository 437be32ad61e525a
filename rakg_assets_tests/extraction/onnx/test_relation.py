import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import NETWORK, ModelError, model_version
from rakg_assets.extraction.inference import Extractor
from rakg_assets.extraction.onnx import export
from rakg_assets.extraction.onnx.relation import OnnxRelation, load_onnx_relation
from rakg_assets.extraction.pairs import candidate_pairs
from rakg_assets.extraction.relation import RelationModel
from rakg_assets.extraction.scoring import score_relations
from rakg_assets_tests.extraction.conftest import marked
from rakg_assets_tests.extraction.fakes import FakeNer
from rakg_assets_tests.extraction.onnx.tiny import train_relation_release
from rakg_assets_tests.extraction.toy_relations import LEARNER, SMALL, toy_documents

TOY = toy_documents()
_WITHOUT_TORCH = """
import sys
from pathlib import Path
from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.onnx.relation import load_onnx_relation
entities = (Entity(0, 2, "body_part", "双手"), Entity(2, 4, "symptom", "肿痛"))
document = Document("", "双手肿痛3年。", entities=entities)
assert load_onnx_relation(Path(sys.argv[1]), 1).predict([document])[0]
assert not {"torch", "transformers", "onnx"} & sys.modules.keys()
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[RelationModel, Path]:
    return train_relation_release(LEARNER, TOY, tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="module")
def model(released: tuple[RelationModel, Path]) -> OnnxRelation:
    return load_onnx_relation(released[1], 1)


def ends(documents: list[Document]) -> list[list[tuple[str, int, int]]]:
    return [[(r.label, r.head, r.tail) for r in d.relations] for d in documents]


def test_it_finds_what_the_torch_model_finds(
    released: tuple[RelationModel, Path], model: OnnxRelation
) -> None:
    ours, theirs = model.annotate(TOY), released[0].annotate(TOY)
    assert score_relations(TOY, ours).f1 == 100
    assert ends(ours) == ends(theirs)
    scores = [[r.score for d in found for r in d.relations] for found in (ours, theirs)]
    assert scores[0] == pytest.approx(scores[1], abs=0.02)


@pytest.mark.parametrize("encoder", [False, True])
def test_in_float32_scores_are_those_of_torch(
    encoder: bool, tiny_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "quantise", lambda graph, exact: graph)
    config = replace(SMALL, encoder=str(tiny_bert) if encoder else None)
    torch_model, folder = train_relation_release(config, TOY, tmp_path)
    onnx_model = load_onnx_relation(folder, 1)
    long = marked("略" * 400 + "[双手]b[肿痛]s" + "略" * 400)
    pairs = list(candidate_pairs([*TOY, long], torch_model.reader.writer))
    assert pairs == list(candidate_pairs([*TOY, long], onnx_model.reader.writer))
    for some in (pairs[:1], pairs):
        expected = torch_model._scores(some)
        found = onnx_model.network(onnx_model.reader.arrays(some))
        assert np.allclose(found, expected, atol=1e-4)


def test_batches_and_neighbours_change_nothing(
    model: OnnxRelation, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = model.predict(TOY)
    monkeypatch.setattr(type(model.reader), "read_at_once", staticmethod(lambda: 2))
    assert [[(r.label, r.head, r.tail) for r in found] for found in model.predict(TOY)] == ends(
        model.annotate(TOY)
    )
    for found, wanted in zip(model.predict(TOY), expected, strict=True):
        scores = [[r.score for r in rows] for rows in (found, wanted)]
        assert scores[0] == pytest.approx(scores[1], abs=2e-4)


def test_nothing_is_found_in_texts_without_a_pair(model: OnnxRelation) -> None:
    assert model.predict([]) == []
    assert model.predict([marked("[双手]b无恙。"), Document("x", "")]) == [(), ()]


def test_it_needs_no_torch(released: tuple[RelationModel, Path]) -> None:
    command = [sys.executable, "-c", _WITHOUT_TORCH, str(released[1])]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_that_of_the_folder(
    released: tuple[RelationModel, Path], model: OnnxRelation
) -> None:
    assert model.version == model_version(released[1])


def test_an_extractor_takes_the_released_network(
    released: tuple[RelationModel, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rakg_assets.extraction.inference._ner", lambda folder: FakeNer())

    class OneFolder:
        def folder(self, kind: str) -> Path:
            return released[1]

    words = Path(__file__).parents[3] / "dictionaries"
    extractor = Extractor.load(OneFolder(), words)  # type: ignore[arg-type]
    assert isinstance(extractor.relation, OnnxRelation)
    (found,) = extractor.extract([Document("", "双手肿痛。")])
    assert [(r.head, r.tail) for r in found.relations] == [(0, 1)]


def test_a_damaged_folder_says_what_to_do(
    released: tuple[RelationModel, Path], tmp_path: Path
) -> None:
    shutil.copytree(released[1], tmp_path / "m")
    (tmp_path / "m" / NETWORK).write_bytes(b"broken")
    with pytest.raises(ModelError, match="export the model again"):
        load_onnx_relation(tmp_path / "m")
    with pytest.raises(ModelError, match=r"vocab\.json"):
        load_onnx_relation(tmp_path / "none")
