from datetime import date

import pandas as pd
import pytest

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.annotations import annotation_table
from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.corpus.sentences import sentence_table
from rakg_assets.extraction.predictions import gold_sections, predict_entities, predict_relations
from rakg_assets.ontology.tables import TABLES
from rakg_assets_tests.extraction.conftest import marked
from rakg_assets_tests.extraction.fakes import fake_extractor

NOTE, SECTION = "入院记录", "现病史"
TEXT = "双手肿痛，无发热。双膝肿痛。"
PLACE = ["record_id", "note", "section"]


def records(texts: dict[tuple[str, str], str]) -> pd.DataFrame:
    rows = [
        (name, "2019-03", date(2019, 3, 5), None, NOTE, section, text, "a.txt")
        for (name, section), text in texts.items()
    ]
    return pd.DataFrame(rows, columns=TABLES["raw_records"].column_names)


RAW = records({("B", SECTION): TEXT, ("A", "主诉"): "双手肿痛。", ("A", SECTION): TEXT})


def annotations(*documents: Document) -> pd.DataFrame:
    return annotation_table([AnnotatedRecord(d.id, (d,)) for d in documents])


@pytest.fixture
def gold_document() -> Document:
    """Gold of A's 现病史, which says less than the stand-in model would."""
    document = marked("双手[肿痛]s，无发热。[双膝]b[肿痛]s。", SECTION, "A")
    relation = RelationMention("body_part_symptom", 1, 2)
    return Document("A", document.text, NOTE, SECTION, document.entities, (relation,))


def test_every_mention_is_what_its_section_holds() -> None:
    table = predict_entities(RAW, sentence_table(RAW), {}, fake_extractor())
    assert list(table.columns) == TABLES["predicted_entities"].column_names
    texts = RAW.set_index(PLACE)["text"].to_dict()
    for row in table.itertuples(index=False):
        assert texts[row.record_id, row.note, row.section][row.start : row.end] == row.text
    assert set(table["origin"]) == {"model"}
    assert set(table["month"]) == {"2019-03"}
    assert set(table.loc[table["text"] == "发热", "assertion"]) == {"absent"}


def test_rows_stand_in_the_order_of_the_records(gold_document: Document) -> None:
    gold = gold_sections(annotations(gold_document), RAW)
    table = predict_entities(RAW, sentence_table(RAW), gold, fake_extractor())
    places = list(dict.fromkeys(zip(*(table[c] for c in PLACE), strict=True)))
    assert places == list(RAW[PLACE].itertuples(index=False, name=None))


def test_gold_wins_where_a_section_is_annotated(gold_document: Document) -> None:
    gold, extractor = gold_sections(annotations(gold_document), RAW), fake_extractor()
    entities = predict_entities(RAW, sentence_table(RAW), gold, extractor)
    annotated = (entities["record_id"] == "A") & (entities["section"] == SECTION)
    assert set(entities.loc[annotated, "origin"]) == {"gold"}
    assert set(entities.loc[~annotated, "origin"]) == {"model"}
    assert list(entities.loc[annotated, "text"]) == ["肿痛", "双膝", "肿痛"]
    assert set(entities.loc[annotated, "score"]) == {1.0}

    relations = predict_relations(RAW, entities, gold, extractor)
    assert list(relations.columns) == TABLES["predicted_relations"].column_names
    of_gold = relations[relations["origin"] == "gold"]
    assert of_gold[["head_start", "head_end", "tail_start", "tail_end"]].to_numpy().tolist() == [
        [9, 11, 11, 13]
    ]
    assert len(relations) == 4


def test_gold_of_another_text_or_of_no_record_does_not_count(gold_document: Document) -> None:
    stranger = Document("Z", TEXT, NOTE, SECTION)
    other = Document("A", "双足肿痛。", NOTE, SECTION)
    assert gold_sections(annotations(stranger, other), RAW) == {}
    assert set(gold_sections(annotations(gold_document), RAW)) == {("A", NOTE, SECTION)}


def test_relations_of_absent_mentions_are_none() -> None:
    raw = records({("A", SECTION): "双手无肿痛。"})
    extractor = fake_extractor()
    entities = predict_entities(raw, sentence_table(raw), {}, extractor)
    assert predict_relations(raw, entities, {}, extractor).empty


def test_a_month_without_records_gives_empty_tables() -> None:
    raw, extractor = records({}), fake_extractor()
    gold = gold_sections(annotations(Document("Z", TEXT, NOTE, SECTION)), raw)
    entities = predict_entities(raw, sentence_table(raw), gold, extractor)
    relations = predict_relations(raw, entities, gold, extractor)
    assert entities.empty
    assert relations.empty
    assert list(entities.columns) == TABLES["predicted_entities"].column_names
    assert list(relations.columns) == TABLES["predicted_relations"].column_names
