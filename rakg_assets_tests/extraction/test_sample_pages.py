from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from rakg_assets.admissions.assets import RECIPES as ADMISSIONS
from rakg_assets.corpus.annotations import annotation_table
from rakg_assets.corpus.assets import RECIPES as CORPUS
from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.corpus.sentences import sentence_table
from rakg_assets.extraction.assets import RECIPES, predicted_entities
from rakg_assets.extraction.sample_pages import SHIPPED, sample_pages, shipped_ids
from rakg_assets.ontology.markup import parse_markup
from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.freshness import Ledger
from rakg_assets.orchestration.io_managers import TableIOManager
from rakg_assets.orchestration.partitions import MONTHS as PARTITIONS
from rakg_assets.orchestration.partitions import range_tags
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.storage import table_path, write_table
from rakg_assets_tests.end_to_end.inboxes import CANARY
from rakg_assets_tests.pages import Page

MONTHS = ("2018-03", "2018-04")
S001, S002 = (SHIPPED / f"S00{n}.txt" for n in (1, 2))


def rows(file: Path, month: str, **changed: str) -> list[dict[str, Any]]:
    """A shipped record as rows of `raw_records`; `changed` replaces texts by section."""
    record = parse_markup(file.read_text("utf-8"))
    place = {"record_id": record.attributes["id"], "month": month, "source": "a.txt"}
    place |= {"admission": date.fromisoformat(f"{month}-05"), "discharge": None}
    return [
        {**place, "note": s.note, "section": s.section, "text": changed.get(s.section, s.text)}
        for s in record.sections
    ]


def entity(section: Mapping[str, Any], text: str, label: str) -> dict[str, Any]:
    start = section["text"].index(text)
    place = {key: section[key] for key in ("record_id", "note", "section")}
    end = start + len(text)
    return {**place, "start": start, "end": end, "label": label, "text": text} | {
        "assertion": "present",
        "score": 1.0,
    }


class Pairs:
    """Relates the first two entities of a text, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def relations(self, documents: Sequence[Document]) -> list[Document]:
        self.asked += [(d.id, d.section) for d in documents]
        related = (RelationMention("body_part_symptom", 0, 1, 0.9),)
        return [replace(d, relations=related[: len(d.entities) - 1]) for d in documents]


@pytest.fixture
def complaint() -> dict[str, Any]:
    """The chief complaint of the first record: 双手、双腕关节肿痛…"""
    return next(row for row in rows(S001, "2018-03") if row["section"] == "主诉")


def test_a_record_counts_as_shipped_only_letter_for_letter() -> None:
    frame = pd.DataFrame([*rows(S001, "2018-03"), *rows(S002, "2018-03", 主诉=CANARY)])
    assert shipped_ids(frame, SHIPPED) == {"S001"}


@pytest.mark.parametrize("identifier", ["../records/S001", "S001.txt", "s001", ""])
def test_an_id_that_is_none_of_ours_counts_for_nothing(identifier: str) -> None:
    frame = pd.DataFrame(rows(S001, "2018-03")).assign(record_id=identifier)
    assert shipped_ids(frame, SHIPPED) == set()


def test_a_section_beside_the_shipped_ones_takes_the_record_out() -> None:
    extra = {**rows(S001, "2018-03")[0], "section": "家族史外", "text": CANARY}
    assert shipped_ids(pd.DataFrame([*rows(S001, "2018-03"), extra]), SHIPPED) == set()


def test_pages_are_of_shipped_records_by_month(complaint: dict[str, Any]) -> None:
    foreign = {**complaint, "record_id": "H1", "text": CANARY}
    raw = pd.DataFrame([*rows(S001, "2018-03"), foreign, *rows(S002, "2018-04")])
    found = pd.DataFrame(
        [
            entity(complaint, "双手", "body_part"),
            entity(complaint, "肿痛", "symptom"),
            entity(foreign, CANARY, "disease"),
        ]
    )
    models = Pairs()
    pages = list(sample_pages(raw, found, {}, models))  # type: ignore[arg-type]
    assert [page.month for page in pages] == ["2018-03", "2018-04"]
    assert {identifier for identifier, _ in models.asked} == {"S001", "S002"}
    first = Page(pages[0].html)
    assert complaint["text"] in first.text
    assert "模型 model" in first.text
    assert [a["href"] for tag, a in first.tags if tag == "a"] == ["#e1-1", "#e1-2"]
    assert "**双手** `部1`" in pages[0].markdown
    assert not [p for p in pages if CANARY in p.html + p.markdown]


def test_annotated_sections_show_their_own_relations(complaint: dict[str, Any]) -> None:
    marks = [entity(complaint, "双手", "body_part"), entity(complaint, "肿痛", "symptom")]
    row = {**complaint, "entities": marks}
    gold = Document.from_json(
        {**row, "relations": [{"label": "body_part_symptom", "head": 0, "tail": 1}]}
    )
    place = (gold.id, gold.note, gold.section)
    models = Pairs()
    [page] = sample_pages(
        pd.DataFrame([complaint]),
        pd.DataFrame(marks),
        {place: gold},
        models,  # type: ignore[arg-type]
    )
    assert models.asked == []
    assert "人工标注 annotated" in Page(page.html).text
    assert "- 双手 → 肿痛" in page.markdown


def test_without_a_shipped_record_there_is_no_page(complaint: dict[str, Any]) -> None:
    foreign = {**complaint, "record_id": "H1"}
    found = pd.DataFrame([entity(foreign, "双手", "body_part")])
    assert list(sample_pages(pd.DataFrame([foreign]), found, {}, Pairs())) == []  # type: ignore[arg-type]


def put(settings: Settings, name: str, frame: pd.DataFrame, month: str | None = None) -> None:
    path = table_path(settings.place.tables, TABLES[name], month)
    write_table(path, TABLES[name], frame, "")


def materialised(settings: Settings) -> dg.ExecuteInProcessResult:
    """A run of `predicted_entities` for two months, on tables that were put there."""
    tables = TableIOManager(Ledger(settings, [*ADMISSIONS, *CORPUS, *RECIPES]))
    monthly = [
        dg.AssetSpec(name, partitions_def=PARTITIONS) for name in ("raw_records", "sentences")
    ]
    return dg.materialize(
        [predicted_entities, *monthly, dg.AssetSpec("annotations")],
        resources={"settings": settings, "tables": tables, "io_manager": tables},
        tags=range_tags(*MONTHS),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )


@pytest.mark.parametrize("inbox", ["", "/data/discharges"], ids=["sample", "hospital"])
def test_metadata_shows_sample_records_and_none_of_a_hospital(tmp_path: Path, inbox: str) -> None:
    """The same records, once in a home that reads the sample, once in a hospital's."""
    settings = Settings(home=str(tmp_path / "home"), inbox=inbox)
    told = f"{CANARY}，双手肿痛3年。"
    foreign = {**rows(S001, MONTHS[1])[0], "record_id": "H1", "text": told}
    raw = [*rows(S001, MONTHS[0]), foreign, *rows(S002, MONTHS[1], 现病史=told)]
    for month in MONTHS:
        ours = pd.DataFrame([row for row in raw if row["month"] == month])
        put(settings, "raw_records", ours, month)
        put(settings, "sentences", sentence_table(ours), month)
    put(settings, "annotations", annotation_table([]))
    result = materialised(settings)

    metadata = {
        e.partition: e.metadata
        for e in result.asset_materializations_for_node("predicted_entities")
    }
    assert set(metadata) == set(MONTHS)
    shown = [month for month in MONTHS if "marked_text" in metadata[month]]
    pages = sorted(settings.place.reports.rglob("*.html"))
    if inbox:
        assert (shown, pages) == ([], [])
    else:
        assert shown == [MONTHS[0]]
        assert pages == [Path(str(metadata[MONTHS[0]]["marked_text"].value))]
        assert "S001" in Page(pages[0].read_text("utf-8")).text
        assert "`症" in str(metadata[MONTHS[0]]["marked_record"].value)
    assert result.output_for_node("predicted_entities")["record_id"].nunique() == 3
    said = [str(event) for event in result.all_events] + [p.read_text("utf-8") for p in pages]
    assert not [text for text in said if CANARY in text]
