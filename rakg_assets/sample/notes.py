"""Which sentences make a section of a generated record, and which sections it has.

Does not belong here: the sentences (`phrases.py`), how their gaps are filled (`stories.py`) or
what a patient's stays have in common (`lives.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from rakg_assets.sample import phrases
from rakg_assets.sample.companions import ASSAYS
from rakg_assets.sample.lives import CARRIED, Life, time_since
from rakg_assets.sample.stories import Story
from rakg_assets.sample.visits import Visit

ADMISSION, DISCHARGE = "入院记录", "出院记录"
#: Tests that fall under treatment and are measured again.
_FOLLOWED = ASSAYS[:2]
_MEASURED_FALL = 0.4
_LUNG_DISEASE = "间质性肺病"
_MAYBE = {"个人史": 0.75, "婚育史": 0.5, "家族史": 0.7, "入院情况": 0.8, "出院情况": 0.85}
_SECOND_TESTS, _MEASURED_AGAIN, _FELT_LATER = 0.2, 0.7, 0.6


def begin_stay(life: Life, visit: Visit) -> Story:
    """The story of one stay: what the life says, the drugs taken home last time and this time."""
    person = life.patient.person
    rng = life.patient.rng(f"stay {visit.nth}")
    story = Story(rng, life.story.words, person.sex)
    story.take(life.story, CARRIED)
    story.update(life.regimen(visit.nth))
    if visit.left_last:
        last = life.regimen(visit.nth - 1)
        story.update(last1=last["drug5"], last2=last["drug6"])
        story["since"] = time_since(visit.left_last, visit.admission)
    return story


def tell_sections(
    life: Life, story: Story, intro: str, signature: str
) -> Iterator[tuple[str, str, str]]:
    """(note, section, text) in reading order.

    `intro` opens the history (患者…，女，54岁，) and `signature` ends the advice; both may be
    empty.
    """
    again = "since" in story
    yield ADMISSION, "主诉", story.tell(phrases.COMPLAINT_AGAIN if again else phrases.COMPLAINT)
    yield ADMISSION, "现病史", intro + life.history + _lately(story, again)
    yield ADMISSION, "既往史", life.past
    yield from _maybe(story, ADMISSION, "个人史", life.personal)
    yield from _maybe(story, ADMISSION, "婚育史", life.marriage)
    yield from _maybe(story, ADMISSION, "家族史", life.family)
    yield ADMISSION, "体格检查", _examination(life, story)
    yield ADMISSION, "辅助检查", _tests(life, story)
    yield ADMISSION, "初步诊断", life.diagnoses()
    yield from _maybe(story, DISCHARGE, "入院情况", _admitted(story))
    yield DISCHARGE, "诊疗经过", _stay(life, story)
    if story.often(_SECOND_TESTS):
        yield DISCHARGE, "辅助检查", f"复查{story.measured(_FOLLOWED, _MEASURED_FALL)}。"
    yield from _maybe(story, DISCHARGE, "出院情况", story.tell(phrases.OUTCOME))
    yield DISCHARGE, "出院医嘱", _advice(life, story) + signature
    yield DISCHARGE, "出院诊断", life.diagnoses()


def _maybe(story: Story, note: str, section: str, text: str) -> Iterator[tuple[str, str, str]]:
    if story.often(_MAYBE[section]):
        yield note, section, text


def _lately(story: Story, again: bool) -> str:
    parts = (
        story.tell(phrases.LAST_STAY) if again else "",
        story.tell(phrases.RECENT_AGAIN if again else phrases.RECENT),
        story.tell(phrases.LATER) if story.often(_FELT_LATER) else "",
        story.tell(phrases.DENIED),
        story.tell(phrases.GENERAL),
    )
    return "".join(parts)


def _examination(life: Life, story: Story) -> str:
    lung = phrases.LUNG if life.has(_LUNG_DISEASE) else ""
    joints = [*story.some(phrases.SIGNS, 1, 2), *story.some(phrases.DEFORMED, 1, 3)]
    organs = "".join(story.some(phrases.ORGANS, 2, 3)) + story.tell(phrases.SITES)
    signs = story.tell(phrases.NEGATIVE_SIGNS)
    return f"{story.tell(phrases.VITALS)}{organs}\n{lung}{''.join(joints)}{signs}"


def _tests(life: Life, story: Story) -> str:
    imaging = "".join(story.some(phrases.IMAGING, 1, 3))
    lung = phrases.ILL_IMAGING if life.has(_LUNG_DISEASE) else ""
    normal = "".join(story.some(phrases.NEGATIVE_TESTS, 2, 4))
    return f"{story.measured(story.sample_assays(4, 8))}。{normal}{imaging}{lung}"


def _admitted(story: Story) -> str:
    return story.tell(phrases.ADMITTED) + story.tell(phrases.ADMITTED_SIGNS)


def _stay(life: Life, story: Story) -> str:
    parts = [
        story.tell(phrases.WORKUP),
        f"查{story.measured(story.sample_assays(2, 4))}。" if story.often(_MEASURED_AGAIN) else "",
        *(story.tell(phrases.TREATED), story.tell(phrases.ADDED)),
    ]
    if life.treated:
        told = "ill1" in story
        parts.append(story.tell(phrases.OWN_TREATED if told else phrases.OWN_TREATED_SILENT))
    if story.often(0.5):
        parts.append(f"复查{story.measured(_FOLLOWED, _MEASURED_FALL)}。")
    return "".join((*parts, story.tell(phrases.LEFT)))


def _advice(life: Life, story: Story) -> str:
    lines = [story.tell(phrases.PRESCRIBED), story.tell(phrases.ADVICE)]
    if life.treated:
        lines.append(f"{story['own1'].dosed}；")  # type: ignore[attr-defined]
    lines.append(story.tell(phrases.FOLLOW_UP))
    return "".join(f"{i}.{line}" for i, line in enumerate(lines, 1))
