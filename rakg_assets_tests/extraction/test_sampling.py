import random

from rakg_assets.corpus.documents import Entity
from rakg_assets.extraction.sampling import Balance
from rakg_assets.extraction.tagging import Segment


def segment(number: int, *labels: str) -> Segment:
    entities = tuple(Entity(i, i + 1, label, "痛") for i, label in enumerate(labels))
    return Segment(number, 0, "痛" * max(1, len(labels)), entities=entities)


COMMON = [segment(i, "symptom") for i in range(8)]


def test_without_power_every_text_is_read_once() -> None:
    pieces = [*COMMON, segment(8, "disease")]
    assert Balance(pieces, 0.0)(random.Random(0)) == pieces


def test_texts_of_rare_types_are_repeated_by_their_rarest() -> None:
    rare, both, empty = segment(8, "disease"), segment(9, "disease", "symptom"), segment(10)
    drawn = Balance([*COMMON, rare, both, empty], 0.5)(random.Random(0))
    # 9 symptoms to 2 diseases: 2.12 times.
    assert drawn.count(rare) in (2, 3)
    assert drawn.count(both) in (2, 3)
    assert drawn.count(COMMON[0]) == drawn.count(empty) == 1


def test_nothing_is_repeated_without_end() -> None:
    pieces = [*COMMON * 20, segment(9, "disease")]
    assert Balance(pieces, 1.0)(random.Random(0)).count(pieces[-1]) == 4
