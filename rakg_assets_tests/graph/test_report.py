from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.extraction.result_tables import ResultTable
from rakg_assets.extraction.result_words import NOTE, Words
from rakg_assets.graph.content import Graph
from rakg_assets.graph.ranking import treatment_ranking
from rakg_assets.graph.report import Note, ReportFacts, Severity, report_page, write_report
from rakg_assets_tests.graph.conftest import CONCEPTS, RA, Input
from rakg_assets_tests.pages import Page, asks_the_network

FACTS = ReportFacts(
    6, "model-7", "words-3", records=1234, notes=(Note(Severity.WARNING, "链接率 <80%"),)
)


@pytest.fixture
def ranking(tables: Input) -> pd.DataFrame:
    return treatment_ranking(tables.filtered, CONCEPTS, RA)


@pytest.fixture
def page(graph: Graph, ranking: pd.DataFrame) -> str:
    return report_page(graph, ranking, FACTS, RA)


def test_it_shows_what_it_promises(page: str) -> None:
    for part in ("1,234", "甲氨蝶呤", "60.0%", "methotrexate", "2018-03", "model-7", "words-3"):
        assert part in page
    assert "部位-症状" in page
    assert "imaging test" in page


def test_it_is_well_formed_and_asks_nothing_of_the_network(page: str) -> None:
    assert not asks_the_network(page)
    assert "default-src 'none'" in page


def test_pictures_have_words(page: str) -> None:
    tags = Page(page).tags
    assert all(a.get("alt") for tag, a in tags if tag == "img")
    drawings = [a for tag, a in tags if tag == "svg" and a.get("role") == "img"]
    assert len(drawings) == 2
    for drawing in drawings:
        for name in (drawing["aria-labelledby"] or "").split():
            assert f'id="{name}"' in page


def test_names_and_notes_are_escaped(page: str) -> None:
    assert "tablet&#34; &lt;b&gt;" in page
    assert "链接率 &lt;80%" in page
    assert "<b>" not in page


def test_the_same_input_gives_the_same_page(graph: Graph, ranking: pd.DataFrame, page: str) -> None:
    assert report_page(graph, ranking, FACTS, RA) == page


def test_an_empty_graph_says_what_to_do(ranking: pd.DataFrame, tmp_path: Path) -> None:
    path = write_report(Graph.empty(), ranking.head(0), FACTS, RA, tmp_path / "r" / "g.html")
    page = path.read_text("utf-8")
    assert Page(page).text
    assert "图谱还是空的" in page
    assert "rakg run --inbox" in page
    assert "至少 6 份病历" in page
    assert "<img" not in page


def test_a_graph_without_ra_still_has_a_page(graph: Graph, ranking: pd.DataFrame) -> None:
    page = report_page(graph, ranking.head(0), FACTS, "NOBODY")
    assert Page(page).text
    assert "类风湿关节炎在图谱中还没有关系" in page
    assert "还没有类风湿关节炎的治疗关系" in page


def test_support_by_mentions_is_named(graph: Graph, ranking: pd.DataFrame) -> None:
    page = report_page(graph, ranking, ReportFacts(3, "m", "d", counted="mentions"), RA)
    assert "至少 3 次提及" in page


def test_records_of_the_sample_are_said_to_be_such(graph: Graph, ranking: pd.DataFrame) -> None:
    told, untold = (
        report_page(graph, ranking, replace(FACTS, of_sample=sample), RA)
        for sample in (True, False)
    )
    assert "most records are generated" in told
    assert "most records are generated" not in untold


def test_tables_of_the_benchmarks_stand_beside_the_paper(
    graph: Graph, ranking: pd.DataFrame
) -> None:
    row = (
        Words("BiLSTM-CRF，含特征", "BiLSTM-CRF with features"),
        Words("84.51 ± 0.51"),
        Words("–"),
    )
    title = Words("实体识别（对应论文表 3）", "Entities (after Table 3)")
    table = ResultTable(
        title, (Words("模型", "model"), Words("F1"), Words("论文", "paper")), (row,)
    )
    page = report_page(graph, ranking, replace(FACTS, tables=[table], table_notes=[NOTE]), RA)
    assert Page(page).text
    for part in (*row[0], "84.51 ± 0.51", '<td class="number">–</td>', *title, "15,268"):
        assert part in page
    assert "数据不同" in page
    assert "The data differ" in page


def test_without_benchmarks_the_command_is_named(page: str) -> None:
    assert "rakg bench --tables" in page
    assert "15,268" not in page
