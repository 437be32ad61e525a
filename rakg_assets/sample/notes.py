"""Which sentences make a section of a generated record, and which sections it has.

Does not belong here: the sentences (`phrases.py`) or how their gaps are filled (`stories.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from rakg_assets.sample import phrases
from rakg_assets.sample.stories import Story
from rakg_assets.sample.terms import ASSAYS

ADMISSION, DISCHARGE = "入院记录", "出院记录"
#: Tests that fall under treatment and are measured again.
_FOLLOWED = ASSAYS[:2]
_MEASURED_FALL = 0.4
_LUNG_DISEASE = "间质性肺病"
_MAYBE = {"个人史": 0.75, "婚育史": 0.5, "家族史": 0.7, "入院情况": 0.6, "出院情况": 0.85}
_SECOND_TESTS = 0.2


def tell_sections(story: Story, intro: str, signature: str) -> Iterator[tuple[str, str, str]]:
    """(note, section, text) in reading order.

    `intro` opens the history (患者…，女，54岁，) and `signature` ends the advice; both may be
    empty.
    """
    yield ADMISSION, "主诉", story.tell(phrases.COMPLAINT)
    yield ADMISSION, "现病史", intro + _history(story)
    yield ADMISSION, "既往史", _past(story)
    yield from _maybe(story, ADMISSION, "个人史", phrases.PERSONAL)
    yield from _maybe(story, ADMISSION, "婚育史", phrases.MARRIAGE)
    yield from _maybe(story, ADMISSION, "家族史", phrases.FAMILY)
    yield ADMISSION, "体格检查", _examination(story)
    yield ADMISSION, "辅助检查", _tests(story)
    yield ADMISSION, "初步诊断", _diagnoses(story)
    yield from _maybe(story, DISCHARGE, "入院情况", phrases.ADMITTED)
    yield DISCHARGE, "诊疗经过", _stay(story)
    if story.often(_SECOND_TESTS):
        yield DISCHARGE, "辅助检查", f"复查{story.measured(_FOLLOWED, _MEASURED_FALL)}。"
    yield from _maybe(story, DISCHARGE, "出院情况", phrases.OUTCOME)
    yield DISCHARGE, "出院医嘱", _advice(story) + signature
    yield DISCHARGE, "出院诊断", _diagnoses(story)


def _maybe(
    story: Story, note: str, section: str, patterns: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    if story.often(_MAYBE[section]):
        yield note, section, story.tell(patterns)


def _history(story: Story) -> str:
    effects = [*story.some(phrases.HELPED, 1, 2), *story.some(phrases.FAILED, 1, 2)]
    parts = [
        story.tell(phrases.ONSET),
        story.tell(phrases.DIAGNOSED),
        *effects,
        *story.some(phrases.COURSE, 1, 2),
        story.tell(phrases.RECENT),
        story.tell(phrases.DENIED),
        story.tell(phrases.GENERAL),
    ]
    return "".join(parts)


def _past(story: Story) -> str:
    if not story.companions:
        return story.tell(phrases.PAST_NONE)
    lasting = story.companions[0].lasting
    return story.tell(phrases.PAST_WITH if lasting else phrases.PAST_UNTOLD)


def _examination(story: Story) -> str:
    lung = phrases.LUNG if _has_lung_disease(story) else ""
    joints = story.tell(phrases.SIGNS) + "".join(story.some(phrases.DEFORMED, 1, 3))
    return story.tell(phrases.VITALS) + story.tell(phrases.NORMAL) + "\n" + lung + joints


def _tests(story: Story) -> str:
    imaging = "".join(story.some(phrases.IMAGING, 1, 3))
    lung = phrases.ILL_IMAGING if _has_lung_disease(story) else ""
    measured = story.measured(story.sample_assays(4, 8))
    return f"{measured}。{story.tell(phrases.NEGATIVE_TESTS)}{imaging}{lung}"


def _diagnoses(story: Story) -> str:
    names = [story["main"], *(c.disease for c in story.companions)]
    if len(names) == 1:
        return names[0]
    return " ".join(f"{i}.{name}" for i, name in enumerate(names, 1))


def _stay(story: Story) -> str:
    parts = [story.tell(phrases.WORKUP), story.tell(phrases.TREATED), story.tell(phrases.ADDED)]
    if story.companions:
        told = "ill1" in story
        parts.append(story.tell(phrases.OWN_TREATED if told else phrases.OWN_TREATED_SILENT))
    if story.often(0.5):
        parts.append(f"复查{story.measured(_FOLLOWED, _MEASURED_FALL)}。")
    return "".join((*parts, story.tell(phrases.LEFT)))


def _advice(story: Story) -> str:
    lines = [story.tell(phrases.PRESCRIBED), story.tell(phrases.ADVICE)]
    if story.companions:
        lines.append(f"{story['own1'].dosed}；")  # type: ignore[attr-defined]
    lines.append(story.tell(phrases.FOLLOW_UP))
    return "".join(f"{i}.{line}" for i, line in enumerate(lines, 1))


def _has_lung_disease(story: Story) -> bool:
    return any(c.disease == _LUNG_DISEASE for c in story.companions)
