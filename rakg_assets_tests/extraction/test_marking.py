from dataclasses import replace

import pytest

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.chains import coordinated
from rakg_assets.extraction.marking import Marked, PlainWriter, Writer
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets_tests.extraction.conftest import marked

CUES = RelationCues({"improved": ["好转"], "worse": ["加重"]})


def write(document: Document, writer: Writer, head: int, tail: int) -> Marked | None:
    chains = coordinated(document, range(len(document.entities)))
    heads = next(chain for chain in chains if head in chain)
    return writer.sentence(document, (0, len(document.text)), chains).write(heads, tail)


def parts(found: Marked) -> tuple[str, str]:
    return found.text[slice(*found.head)], found.text[slice(*found.tail)]


def test_a_text_as_it_is_has_marks_around_the_pair() -> None:
    document = marked("[双腕]b、[双膝]b10年[肿痛]s，[晨僵]s。")
    found = write(document, Writer(99), 1, 2)
    assert found.text == "$双腕、双膝$10年#肿痛#，晨僵。"
    assert parts(found) == ("双腕、双膝", "肿痛")
    assert found.text[slice(*found.between)] == "10年"


def test_the_tail_may_come_first() -> None:
    found = write(marked("[肿痛]s在[双膝]b。"), Writer(99), 1, 0)
    assert found.text == "#肿痛#在$双膝$。"
    assert parts(found) == ("双膝", "肿痛")


def test_a_folded_text_has_one_character_an_entity_a_cue_and_a_number() -> None:
    document = marked("[双腕]b、[双膝]b 12.5年[肿痛]s，[晨僵]s１小时，服[甲氨蝶呤]t后好转。")
    found = write(document, Writer(99, CUES), 1, 2)
    part, symptom = parts(found)
    assert (len(part), len(symptom)) == (1, 1)
    assert found.text.startswith(f"${part}$0年#{symptom}#，{symptom}0小时，服".replace("，", ","))
    assert len(found.text) == len("$b$0年#s#，s0小时，服t后+。")


def test_folded_texts_of_equal_shape_are_equal() -> None:
    one, other = marked("[双腕]b[肿痛]s3年，好转"), marked("[右侧膝关节]b[疼痛]s10年，好转")
    texts = [write(d, Writer(99, CUES), 0, 1).text for d in (one, other)]
    assert texts[0] == texts[1]
    assert write(marked("[双腕]b[肿痛]s3年，加重"), Writer(99, CUES), 0, 1).text != texts[0]


def test_an_absent_entity_is_another_character_and_an_unknown_type_is_one_too() -> None:
    document = marked("[双腕]b[肿痛]s[晨僵]s")
    for changes in ({"assertion": "absent"}, {"label": "something"}):
        last = replace(document.entities[2], **changes)
        other = replace(document, entities=(*document.entities[:2], last))
        texts = {write(d, Writer(99, CUES), 0, 1).text for d in (document, other)}
        assert len(texts) == 2
        assert len({len(text) for text in texts}) == 1


@pytest.mark.parametrize("cues", [None, CUES])
def test_a_long_text_is_cut_on_both_sides_and_the_pair_stays(cues: RelationCues | None) -> None:
    document = marked("前" * 50 + "[双腕]b持续[肿痛]s" + "后" * 50)
    whole = write(document, Writer(999, cues), 0, 1)
    found = write(document, Writer(20, cues), 0, 1)
    assert len(found.text) == 20
    assert found.text in whole.text
    assert parts(found) == parts(whole)
    assert {found.text[0], found.text[-1]} == {"前", "后"}
    assert write(document, Writer(7 if cues else 9, cues), 0, 1) is None


def test_overlapping_entities_are_left_out_and_no_pair() -> None:
    document = marked("[双腕关节]b[肿痛]s")
    inner = replace(document.entities[0], start=2, end=4, text="关节")
    across = replace(document.entities[1], start=3, end=5, text="节肿")
    document = replace(document, entities=(*document.entities, inner, across))
    assert write(document, Writer(99, CUES), 0, 3) is None
    found = write(document, Writer(99, CUES), 0, 1)
    assert len(found.text) == 6


def test_a_text_without_marks_is_the_sentence_of_all_its_pairs() -> None:
    document = marked("[双腕]b、[双膝]b10年[肿痛]s，[晨僵]s。")
    found = [write(document, PlainWriter(99), 1, tail) for tail in (2, 3)]
    assert {f.text for f in found} == {document.text}
    assert [parts(f) for f in found] == [("双腕、双膝", "肿痛"), ("双腕、双膝", "晨僵")]
    assert found[0].text[slice(*found[0].between)] == "10年"


def test_a_long_text_without_marks_has_few_parts_that_hold_each_pair() -> None:
    text = "".join(f"[左腕{i}]b，略略略[肿{i}]s。" for i in range(9))
    document, writer = marked(text), PlainWriter(40)
    found = [write(document, writer, 2 * i, 2 * i + 1) for i in range(9)]
    assert [parts(f) for f in found] == [(f"左腕{i}", f"肿{i}") for i in range(9)]
    assert {len(f.text) for f in found} == {40}
    # No more than there are quarters of the limit.
    assert 2 <= len({f.text for f in found}) <= len(document.text) // 10


def test_a_pair_without_marks_fits_or_is_none() -> None:
    document = marked("前" * 50 + "[双腕]b持续[肿痛]s" + "后" * 50)
    assert write(document, PlainWriter(6), 0, 1).text == "双腕持续肿痛"
    assert write(document, PlainWriter(5), 0, 1) is None
    inner = replace(document.entities[1], start=51, end=53, text="腕持")
    crossed = replace(document, entities=(document.entities[0], inner))
    assert write(crossed, PlainWriter(99), 0, 1) is None


def test_a_sentence_is_folded_once_for_all_its_pairs() -> None:
    document = marked("[双腕]b[肿痛]s3年，" * 40)
    chains = coordinated(document, range(len(document.entities)))
    folded: list[str] = []
    writer = Writer(30, CUES)
    fold, writer.fold = writer.fold, lambda text: folded.append(text) or fold(text)
    sentence = writer.sentence(document, (0, len(document.text)), chains)
    found = [sentence.write(chains[2 * i], 2 * i + 1) for i in range(40)]
    assert all(len(some.text) == 30 for some in found[5:-5])
    assert len(folded) == len(chains) + 1


def test_a_character_that_stands_for_something_is_not_taken_from_a_text() -> None:
    improved = write(marked("[双腕]b[肿痛]s好转"), Writer(99, CUES), 0, 1).text[-1]
    found = write(marked(f"[双腕]b[肿痛]s{improved}"), Writer(99, CUES), 0, 1)
    assert found.text[-1] == "\N{REPLACEMENT CHARACTER}"
