"""Rows in and out, with models that find what they are told to; whole files: `test_cli.py`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.fusion.extract import ExtractFileError, extract_file, extract_rows
from rakg_assets.fusion.linking import Linker

TEXT = "受凉后双手肿痛，予甲氨蝶呤。"
COLD = Entity(0, 2, "aggravating_factor", "受凉")
DRUG = Entity(9, 13, "treatment", "甲氨蝶呤", score=0.5)


class Models:
    """Finds a drug in every text, and a relation from each entity to the one after it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def entities(self, documents: Sequence[Document]) -> list[Document]:
        self.asked += [d.id for d in documents]
        return [replace(d, entities=(DRUG,)) for d in documents]

    def relations(self, documents: Sequence[Document]) -> list[Document]:
        return [replace(d, relations=tuple(_chain(d))) for d in documents]


def _chain(document: Document):
    for head in range(len(document.entities) - 1):
        yield RelationMention("aggravating_factor_symptom", head, head + 1, 0.9)


@pytest.fixture(scope="module")
def linker() -> Linker:
    from rakg_assets.ontology.dictionaries import shipped_dictionaries

    return Linker.load(shipped_dictionaries())


def test_entities_are_predicted_only_where_none_are_given(linker: Linker) -> None:
    given = {"start": 0, "end": 2, "label": "aggravating_factor", "assertion": "absent"}
    rows = [
        {"id": "bare", "text": TEXT},
        {"id": "given", "text": TEXT, "entities": [given]},
        {"id": "none", "text": TEXT, "entities": []},
    ]
    models = Models()
    bare, kept, none = extract_rows(rows, models, linker)  # type: ignore[arg-type]
    assert models.asked == ["bare"]
    assert [(e["text"], e["score"], e["name_zh"]) for e in bare["entities"]] == [
        ("甲氨蝶呤", 0.5, "甲氨蝶呤")
    ]
    assert [(e["text"], e["assertion"]) for e in kept["entities"]] == [("受凉", "absent")]
    assert none == {"id": "none", "entities": [], "relations": []}


def test_relations_of_a_line_are_not_taken_over(linker: Linker) -> None:
    entities = [{"start": e.start, "end": e.end, "label": e.label} for e in (COLD, DRUG)]
    wild = [{"label": "anything", "head": 5, "tail": 7}]
    [row] = extract_rows(
        [{"id": 1, "text": TEXT, "entities": entities, "relations": wild}],
        Models(),  # type: ignore[arg-type]
        linker,
    )
    assert row["relations"] == [
        {"label": "aggravating_factor_symptom", "head": 0, "tail": 1, "score": 0.9}
    ]


def test_what_is_not_linked_has_no_concept(linker: Linker) -> None:
    odd = {"start": 0, "end": 1, "label": "disease"}
    [row] = extract_rows([{"id": 1, "text": TEXT, "entities": [odd]}], Models(), linker)  # type: ignore[arg-type]
    assert row["entities"][0]["concept_id"] is None
    assert row["entities"][0]["name_zh"] is None


def test_a_file_is_read_in_parts_and_written_in_order(
    tmp_path: Path, linker: Linker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rakg_assets.fusion.extract._BATCH", 2)
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [json.dumps({"id": n, "text": TEXT + "\u2028\x85"}) for n in range(5)]
    source.write_text("\ufeff" + "\r\n".join(rows), encoding="utf-8")
    extract_file(source, target, Models(), linker)  # type: ignore[arg-type]
    written = target.read_text("utf-8").split("\n")
    assert [json.loads(line)["id"] for line in written if line] == [0, 1, 2, 3, 4]


def test_a_bad_line_late_in_the_file_leaves_the_old_answer(tmp_path: Path, linker: Linker) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    target.write_text("old", encoding="utf-8")
    source.write_text(json.dumps({"id": 1, "text": TEXT}) + "\n{\n", encoding="utf-8")
    with pytest.raises(ExtractFileError, match=r"in\.jsonl, line 2: not JSON"):
        extract_file(source, target, Models(), linker)  # type: ignore[arg-type]
    assert target.read_text("utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 2
