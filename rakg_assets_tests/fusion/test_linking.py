"""The steps of linking, what they must not link, and the files of `rakg link`."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rakg_assets.fusion.linking import Link, Linker, LinkFileError, link_file, link_table
from rakg_assets.ontology.dictionaries import shipped_dictionaries
from rakg_assets.ontology.schema import EntityType
from rakg_assets.ontology.tables import TABLES

_ALPHABET = st.one_of(
    st.sampled_from(
        "左右双第一二十两0123、，-~～至()（）［［片膝关节炎性症病3级ⅡIVi抗体cCTLmriX线\u200b *＊"
    ),
    st.characters(exclude_categories=["Cs"]),
)


@pytest.mark.parametrize(
    ("kind", "mention", "concept", "method"),
    [
        ("treatment", "甲氨蝶呤", "T1", "exact"),
        ("treatment", "甲氨蝶呤片", "T1", "exact"),
        ("treatment", "氨甲喋呤片", "T1", "alias"),
        ("treatment", "mtx", "T1", "alias"),
        ("treatment", "Leflunomide", "T2", "alias"),
        ("treatment", "来福米特", "T2", "similarity"),
        ("treatment", "新药（爱若华）", "T2", "alias"),
        ("treatment", "强的松龙", "T4", "alias"),
        ("treatment", "英夫利昔", "T8", "exact"),
        ("treatment", "左膝关节镜清理术", "T7", "exact"),
        ("treatment", "左氧氟沙星注射液", "T6", "exact"),
        ("disease", "类风湿性关节炎", "D1", "exact"),
        ("disease", "高血压3级", "D3", "exact"),
        ("disease", "二型糖尿病", "D4", "exact"),
        ("symptom", "肿疼", "S1", "exact"),
        ("symptom", "心计", "S4", "similarity"),
        ("physical_examination", "浮滨试验", "P1", "similarity"),
        ("physical_examination", "浮髌试验阳性", "P1", "exact"),
        ("imaging_test", "双手X光片", "I1", "exact"),
        ("imaging_test", "左膝核磁共振平扫", "I3", "exact"),
        ("lab_test", "血清抗CCP抗体测定", "L2", "exact"),
        ("lab_test", "超敏CRP", None, "unlinked"),
        ("lab_test", "N", "L4", "alias"),
        ("lab_test", "N%", "L5", "alias"),
        ("body_part", "右手第2、3掌指关节", "B1", "exact"),
        ("body_part", "双手PIP2-5", "B2", "alias"),
        ("body_part", "双膝", "B3", "alias"),
        ("body_part", "右足第2跖趾关节", "B4", "exact"),
    ],
)
def test_steps(linker: Linker, kind: str, mention: str, concept: str | None, method: str) -> None:
    link = linker.link(EntityType(kind), mention)
    assert (link.concept_id, link.method) == (concept, method)
    assert bool(link.score) == bool(concept)


@pytest.fixture(scope="module")
def shipped() -> Linker:
    """The linker of the dictionaries that ship."""
    return Linker.load(shipped_dictionaries())


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("泼尼松", "泼尼松"),
        ("强的松", "泼尼松"),
        ("泼尼松龙", "泼尼松龙"),
        ("强的松龙", "泼尼松龙"),
        ("甲强龙", "甲泼尼龙"),
        ("氯喹", "氯喹"),
        ("羟氯喹", "羟氯喹"),
        ("爱若华", "来氟米特"),
        ("来福米特", "来氟米特"),
        ("来氟米持", "来氟米特"),
        ("甲氨喋呤片10mg qw", "甲氨蝶呤"),
    ],
)
def test_substances_of_like_names_stay_apart(shipped: Linker, mention: str, name: str) -> None:
    assert shipped.link(EntityType.TREATMENT, mention).name_zh == name


def test_a_body_part_is_a_part_a_side_and_numbers(shipped: Linker) -> None:
    link = shipped.link(EntityType.BODY_PART, "双手PIP2-5")
    assert (link.name_zh, link.laterality, link.numbers) == ("近端指间关节", "both", "2,3,4,5")


@pytest.mark.parametrize(
    ("kind", "mention"),
    [
        ("treatment", "双膝关节"),
        ("disease", "右膝关节"),
        ("aggravating_factor", "感冒、停药"),
        ("treatment", "甲氨蝶呤、来氟米特"),
    ],
)
def test_a_part_or_two_things_are_no_concept(shipped: Linker, kind: str, mention: str) -> None:
    assert shipped.link(EntityType(kind), mention).concept_id is None


@pytest.mark.parametrize(
    ("kind", "mention"),
    [
        ("treatment", "氯喹"),
        ("treatment", "甲泼尼龙"),
        ("treatment", "甲泼尼松"),
        ("treatment", "氯沙坦"),
        ("treatment", "关爱门诊"),
        ("treatment", "右氧氟沙星"),
        ("treatment", "锝"),
        ("disease", "糖尿病"),
        ("disease", "非酒精性脂肪肝"),
        ("symptom", "眼干"),
        ("lab_test", "糖化血红蛋白"),
        ("body_part", "远端指间关节"),
        ("body_part", "指"),
        ("disease", ""),
        ("disease", "＊＊"),
    ],
)
def test_another_thing_is_never_linked(linker: Linker, kind: str, mention: str) -> None:
    link = linker.link(EntityType(kind), mention)
    assert (link.concept_id, link.method, link.score) == (None, "unlinked", 0.0)


def test_sides_and_numbers_are_for_body_parts_alone(linker: Linker) -> None:
    knee = linker.link(EntityType.BODY_PART, "左膝")
    assert (knee.laterality, knee.numbers) == ("left", "")
    assert linker.link(EntityType.BODY_PART, "右手2-3MCP").numbers == "2,3"
    version = linker.version(EntityType.BODY_PART)
    nothing = Link(laterality="left", dictionary_version=version)
    assert linker.link(EntityType.BODY_PART, "左某处") == nothing
    assert linker.link(EntityType.TREATMENT, "左膝关节镜清理术").laterality == ""


@given(kind=st.sampled_from(list(EntityType)), mention=st.text(_ALPHABET, max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_mention_breaks_the_linker(linker: Linker, kind: EntityType, mention: str) -> None:
    link = linker.link(kind, mention)
    assert 0 <= link.score <= 1
    assert (link.concept_id is None) == (link.method == "unlinked")
    if kind is not EntityType.BODY_PART:
        assert (link.laterality, link.numbers) == ("", "")


def test_a_paragraph_is_no_name(linker: Linker) -> None:
    start = time.perf_counter()
    for piece in ("片", "左膝", "（", "第2、", "十", "abc"):
        for kind in EntityType:
            assert linker.link(kind, piece * 5000).concept_id is None
    assert time.perf_counter() - start < 2


def test_links_come_in_order_and_alone_as_together(linker: Linker) -> None:
    mentions = [
        (EntityType.TREATMENT, "来福米特"),
        (EntityType.DISEASE, "RA"),
        (EntityType.TREATMENT, "来福米特"),
        (EntityType.TREATMENT, "没有的药"),
    ]
    assert linker.link_all(mentions) == [linker.link(*mention) for mention in mentions]
    assert linker.link_all([]) == []


def predicted_rows(rows: list[tuple[str, str]]) -> pd.DataFrame:
    """`predicted_entities` of (type, mention), one record each."""
    table = pd.DataFrame(
        {
            "record_id": [f"r{i}" for i in range(len(rows))],
            "month": "2018-03",
            "note": "出院记录",
            "section": "出院诊断",
            "start": 0,
            "end": [len(text) for _, text in rows],
            "label": [label for label, _ in rows],
            "text": [text for _, text in rows],
            "assertion": "present",
            "score": 1.0,
            "origin": "gold",
        }
    )
    return table[TABLES["predicted_entities"].column_names]


def test_a_table_keeps_its_rows_and_gains_links(linker: Linker) -> None:
    predicted = predicted_rows(
        [("disease", "RA"), ("treatment", "关爱门诊"), ("body_part", "左膝")]
    )
    linked = link_table(predicted, linker)
    assert list(linked.columns) == TABLES["linked_entities"].column_names
    assert linked["concept_id"].isna().tolist() == [False, True, False]
    assert linked["laterality"].isna().tolist() == [True, True, False]
    pd.testing.assert_frame_equal(linked[predicted.columns], predicted)


def test_an_empty_table_stays_empty(linker: Linker) -> None:
    linked = link_table(predicted_rows([]), linker)
    assert list(linked.columns) == TABLES["linked_entities"].column_names
    assert linked.empty


def test_a_file_comes_back_whole_and_in_order(linker: Linker, tmp_path: Path) -> None:
    source, target = tmp_path / "in.tsv", tmp_path / "out.tsv"
    source.write_text(
        "\ufefftype\tmention\tnote\ndisease\tRA\tx\nbody_part\t双手PIP2-5\t\n"
        'treatment\t"带""引号"\t\ntreatment\t\t\n',
        "utf-8",
    )
    link_file(source, target, linker)
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [r["mention"] for r in rows] == ["RA", "双手PIP2-5", '带"引号', ""]
    assert rows[0]["concept_id"] == "D1"
    assert rows[0]["aliases"] == "RA|类风关"
    assert (rows[1]["laterality"], rows[1]["numbers"]) == ("both", "2,3,4,5")
    assert rows[3]["concept_id"] == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.tsv", "out.tsv"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"mention\nRA\n", "line 1: the header lacks the column type"),
        (b"", "type and mention"),
        (b"type\tmention\ndrug\tRA\n", "line 2: the type is none of"),
        (b"type\tmention\ndisease\tRA\tmore\n", "line 2: not one cell a column"),
        (b"type\tmention\ndisease\n", "line 2: not one cell a column"),
        (b"type\tmention\ndisease\t\xff\xfe\n", "not UTF-8"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_written(
    linker: Linker, tmp_path: Path, content: bytes, reason: str
) -> None:
    source, target = tmp_path / "in.tsv", tmp_path / "out.tsv"
    source.write_bytes(content)
    with pytest.raises(LinkFileError, match=reason):
        link_file(source, target, linker)
    assert not target.exists()


def test_a_missing_file_is_named(linker: Linker, tmp_path: Path) -> None:
    with pytest.raises(LinkFileError, match=r"none\.tsv"):
        link_file(tmp_path / "none.tsv", tmp_path / "out.tsv", linker)
