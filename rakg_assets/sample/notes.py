"""Which sentences make a section of a generated record, and which sections it has.

Does not belong here: the sentences (`phrases.py`), how their gaps are filled (`stories.py`) or
what a patient's stays have in common (`lives.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample import findings, phrases
from rakg_assets.sample.ailments import Ailment
from rakg_assets.sample.companions import ASSAYS
from rakg_assets.sample.lives import CARRIED, Life, time_since
from rakg_assets.sample.stories import Story
from rakg_assets.sample.visits import Visit

ADMISSION, DISCHARGE = "入院记录", "出院记录"
#: Tests that fall under treatment and are measured again.
_FOLLOWED = ASSAYS[:2]
_MEASURED_FALL = 0.4
_MAYBE = {"个人史": 0.75, "婚育史": 0.5, "家族史": 0.7, "入院情况": 0.4, "出院情况": 0.6}
_SECOND_TESTS, _MEASURED_AGAIN, _FELT_LATER = 0.15, 0.3, 0.4
_SIGNS_TOLD, _FOLLOWED_UP, _VIEWED, _BEARING = 0.75, 0.3, 0.5, 0.3
#: Companions that the course of a stay tells of.
_TREATED = 2


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
    ailments = [Ailment(story, companion) for companion in life.companions if companion.drugs]
    yield ADMISSION, "主诉", story.tell(phrases.COMPLAINT_AGAIN if again else phrases.COMPLAINT)
    yield ADMISSION, "现病史", intro + life.history + _lately(story, ailments)
    yield ADMISSION, "既往史", life.past
    yield from _maybe(story, ADMISSION, "个人史", life.personal)
    yield from _maybe(story, ADMISSION, "婚育史", life.marriage)
    yield from _maybe(story, ADMISSION, "家族史", life.family)
    yield ADMISSION, "体格检查", _examination(story, ailments)
    yield ADMISSION, "辅助检查", _tests(story, ailments)
    yield ADMISSION, "初步诊断", life.diagnoses()
    yield from _maybe(story, DISCHARGE, "入院情况", _admitted(story))
    yield DISCHARGE, "诊疗经过", _stay(story, ailments)
    if story.often(_SECOND_TESTS):
        yield DISCHARGE, "辅助检查", f"复查{story.measured(_FOLLOWED, _MEASURED_FALL)}。"
    yield from _maybe(story, DISCHARGE, "出院情况", story.tell(phrases.OUTCOME))
    yield DISCHARGE, "出院医嘱", _advice(story, ailments) + signature
    yield DISCHARGE, "出院诊断", life.diagnoses()


def _maybe(story: Story, note: str, section: str, text: str) -> Iterator[tuple[str, str, str]]:
    if story.often(_MAYBE[section]):
        yield note, section, text


def _lately(story: Story, ailments: Sequence[Ailment]) -> str:
    again = "since" in story
    parts = (
        story.tell(phrases.LAST_STAY) if again else "",
        story.tell(phrases.RECENT_AGAIN if again else phrases.RECENT),
        story.tell(phrases.LATER) if story.often(_FELT_LATER) else "",
        *(a.tell(phrases.AILING_LATELY) for a in ailments if not a.companion.lasting),
        story.tell(phrases.DENIED),
        story.tell(phrases.GENERAL),
    )
    return "".join(parts)


def _examination(story: Story, ailments: Sequence[Ailment]) -> str:
    """What was found comes first to mind: nothing else may deny it."""
    signs = [sign for a in ailments if story.often(_SIGNS_TOLD) for sign in a.signs()]
    ill = "".join(f"{sign}。" for sign in dict.fromkeys(signs))
    joints = [*story.some(findings.SIGNS, 1, 1), *story.some(findings.FOUND, 1, 2)]
    bearing = story.tell(findings.BEARING) if story.often(_BEARING) else ""
    found = bearing + ill + "".join((*joints, *story.some(findings.DEFORMED, 0, 1)))
    for key in ("site", "sign"):
        story.bar_said(key, found)
    organs = story.some(_sayable(findings.ORGANS, findings.ORGAN_WORDS, found), 1, 2)
    sound = "".join(organs) + story.tell(findings.SITES)
    absent = story.tell(findings.NEGATIVE_SIGNS)
    return f"{story.tell(findings.VITALS)}{sound}\n{found}{absent}"


def _tests(story: Story, ailments: Sequence[Ailment]) -> str:
    """Values, what is ill with the companions, what is sound."""
    ill = [f.name for a in ailments for f in a.companion.lab_tests]
    above = [name for lab in ill for name in story.words.above(EntityType.LAB_TEST, lab)]
    story.bar("normal", (*ill, *above, *(assay.name for assay in ASSAYS)))
    story.bar("view", (view for a in ailments for view in a.companion.imaging_tests))
    sound = _sayable(findings.NEGATIVE_TESTS, findings.NEGATIVE_WORDS, " ".join((*ill, *above)))
    parts = (
        f"{story.measured(story.sample_assays(3, 5, ill))}。",
        *(ailment.tests() for ailment in ailments),
        *story.some(sound, 2, 2),
        *story.some(findings.IMAGING, 1, 1),
        story.tell(findings.VIEWED) if story.often(_VIEWED) else "",
    )
    return "".join(parts)


def _sayable(patterns: Sequence[str], words: Sequence[str], ill: str) -> list[str]:
    """The patterns that do not call sound what is ill: none of their words stands in `ill`."""
    told = zip(patterns, words, strict=True)
    return [
        pattern for pattern, forbidding in told if not any(w in ill for w in forbidding.split())
    ]


def _admitted(story: Story) -> str:
    return story.tell(phrases.ADMITTED) + story.tell(findings.ADMITTED_SIGNS)


def _stay(story: Story, ailments: Sequence[Ailment]) -> str:
    assays = story.sample_assays(2, 4) if story.often(_MEASURED_AGAIN) else ()
    parts = [
        story.tell(phrases.WORKUP),
        f"查{story.measured(assays)}。" if assays else "",
        *(story.tell(phrases.TREATED), story.tell(phrases.ADDED)),
    ]
    for ailment in ailments[:_TREATED]:
        lasting = ailment.companion.lasting
        parts.append(ailment.tell(phrases.AILING_LASTING if lasting else phrases.AILING_PASSING))
    if story.often(_FOLLOWED_UP):
        parts.append(f"复查{story.measured(_FOLLOWED, _MEASURED_FALL)}。")
    return "".join((*parts, story.tell(phrases.LEFT)))


def _advice(story: Story, ailments: Sequence[Ailment]) -> str:
    lines = [story.tell(phrases.PRESCRIBED), story.tell(phrases.ADVICE)]
    taken = [a.drug.dosed for a in ailments if a.drug and a.companion.lasting]
    if taken:
        lines.append("，".join(taken) + "；")
    lines.append(story.tell(phrases.FOLLOW_UP))
    return "".join(f"{i}.{line}" for i, line in enumerate(lines, 1))
