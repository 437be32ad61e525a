import random

from rakg_assets.extraction.augmentation import Augmenter
from rakg_assets.extraction.tagging import segments
from rakg_assets_tests.extraction.conftest import marked

DOCUMENT = marked("[双手]b[肿痛]s伴[晨僵]s，无发热", "主诉")
TERMS = {"symptom": ["口干", "morning stiffness"], "disease": ["RA"]}
(SEGMENT,) = segments([DOCUMENT], 100, keep_entities=True)


def test_exchanged_mentions_keep_text_and_offsets_together() -> None:
    augmenter = Augmenter.of([SEGMENT], TERMS, 1.0)
    assert augmenter.mentions["symptom"] == ["口干", "晨僵", "肿痛"]
    assert "disease" not in augmenter.mentions
    seen = set()
    for seed in range(20):
        changed = augmenter(SEGMENT, random.Random(seed))
        seen.add(changed.text)
        assert [e.label for e in changed.entities] == ["body_part", "symptom", "symptom"]
        assert all(changed.text[e.start : e.end] == e.text for e in changed.entities)
        assert changed.text.endswith("，无发热")
        assert changed.section == "主诉"
    assert "双手口干伴口干，无发热" in seen


def test_neighbours_of_one_label_may_lose_the_sign_between_them() -> None:
    (segment,) = segments([marked("[双手]b，[肿]s、[痛]s，[僵]s。")], 100, keep_entities=True)
    glued = Augmenter.of([segment], {}, 0.0, glue=1.0)(segment, random.Random(0))
    assert glued.text == "双手，肿痛僵。"
    assert [glued.text[e.start : e.end] for e in glued.entities] == ["双手", "肿", "痛", "僵"]


def test_nothing_changes_at_probability_zero_and_draws_repeat() -> None:
    assert Augmenter.of([SEGMENT], {}, 0.0)(SEGMENT, random.Random(1)) == SEGMENT
    augmenter = Augmenter.of([SEGMENT], {}, 0.5)
    assert augmenter(SEGMENT, random.Random(7)) == augmenter(SEGMENT, random.Random(7))
