"""Files of markup as annotations."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.corpus.formats import markup

HEAD = "#RECORD id=E1 admission=2018-03-05\n##入院记录\n###主诉\n"


def read(tmp_path: Path, text: str) -> markup.Reading:
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    return markup.read(path, "a.txt")


def test_reads_sections_with_their_own_relations(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        HEAD
        + "{b1:body_part|双手}{s1:symptom|肿痛}\n###现病史\n{b2:body_part|双腕}{s2:symptom|痛}\n"
        "#RELATIONS\nbody_part_symptom b1 s1\nbody_part_symptom b2 s2\n",
    )

    assert reading.problems == []
    assert [p.document.section for p in reading.pieces] == ["主诉", "现病史"]
    assert all(len(p.document.relations) == 1 for p in reading.pieces)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEAD + "{b1:body_part|双手\n", "brace"),
        ("#RECORD admission=2018-03-05\n", "no id"),
        ("#RECORD id=E1 admission=昨天\n", "admission is no date"),
        ("#RECORD id=E1 ward=3\n", "attribute ward"),
        (
            HEAD
            + "{b1:body_part|双手}\n###现病史\n{s1:symptom|肿痛}\n"
            + "#RELATIONS\nbody_part_symptom b1 s1\n",
            "joins two sections",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, reason: str) -> None:
    [problem] = read(tmp_path, text).problems

    assert problem.place == "a.txt"
    assert reason in problem.reason
    assert "双手" not in str(problem)


def test_writes_ids_by_type_and_parts_that_fit(tmp_path: Path) -> None:
    entities = (
        Entity(0, 2, "body_part", "双手"),
        Entity(1, 3, "symptom", "手肿"),
        Entity(2, 4, "symptom", "肿痛"),
        Entity(5, 8, "symptom", "发|热"),
    )
    relations = (RelationMention("body_part_symptom", 0, 2), RelationMention("x y", 0, 2))
    document = Document("E1", "双手肿痛无发|热", "入院记录", "主诉", entities, relations)

    markup.write([AnnotatedRecord("E1", (document,))], tmp_path)

    assert (tmp_path / "E1.txt").read_text("utf-8") == (
        "#RECORD id=E1\n##入院记录\n###主诉\n"
        "{b1:body_part|双手}{s1:symptom|肿痛}无发|热\n#RELATIONS\nbody_part_symptom b1 s1\n"
    )
