"""What every stay of a patient tells alike: diseases, how it began, habits, earlier drugs.

It is told anew from the patient's own source of chance, word for word the same but for the years
that have passed. Does not belong here: what a stay adds (`notes.py`).
"""

from __future__ import annotations

from datetime import date

from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample import phrases
from rakg_assets.sample.ailments import Ailment
from rakg_assets.sample.companions import COMPANIONS, OTHERS, Companion
from rakg_assets.sample.stories import Story
from rakg_assets.sample.terms import MAIN, ONLY_MEN, ONLY_WOMEN, OTHER_MAIN, SUBTYPES
from rakg_assets.sample.visits import FIRST_MONTH, Patient
from rakg_assets.sample.words import Term, Words, by_rank

_OTHER_MAIN_SHARE, _SUBTYPE_SHARE = 0.04, 0.06
_WITHOUT_COMPANION, _OTHER_COMPANION = 0.12, 0.06
_COMPANIONS = (1, 4)
#: How steep the ranks of the common companions are, how flat those of all, how often the former.
_COMMON_RANKS, _ANY_RANKS, _COMMON = 0.9, 0.15, 0.5
_OPERATED, _SMOKING_MEN, _AFTER_MENOPAUSE = 0.3, 0.45, 55
_CHANGED, _FELT, _ACHES_TOLD = 0.35, 0.3, 0.5
_CHILDBEARING, _CHILDBEARING_ENDS = ("产后", "妊娠", "流产", "月经期"), 45
_REGIMEN = ("drug5", "drug6", "nsaid3", "support1", "support2")
_SETTLED = (
    *("joints", "joint1", "joint2", "joint3", "pain1", "stiff1", "tail1", "weather1"),
    "relief1",
)
#: Gaps that a stay fills as the life does.
CARRIED = ("main", "years", *_SETTLED)


class Life:
    """One patient in a given year; the texts are sections or parts of them."""

    def __init__(self, words: Words, patient: Patient, year: int) -> None:
        """Everything is told here, in one order, so that it comes out the same at every stay."""
        self.patient, self._year = patient, year
        self._rng = patient.rng("life")
        self.story = Story(self._rng, words, patient.person.sex)
        self.companions = self._draw_companions()
        self.main = self._draw_main()
        self._fill()
        self.history = self._tell_history()
        self.past = self._tell_past()
        self.personal = self._tell_personal()
        self.marriage = self._tell_marriage()
        self.family = self.story.tell(phrases.FAMILY)

    def regimen(self, nth: int) -> dict[str, str]:
        """The drugs that the patient takes home from the stay counted `nth`.

        They are those of the stay before, some of them changed.
        """
        kept: dict[str, str] = {}
        for stay in range(nth + 1):
            rng = self.patient.rng(f"regimen {stay}")
            story = Story(rng, self.story.words, self.story.sex)
            for key in ("drug", "nsaid", "support"):
                story.bar(key, (t.name for t in kept.values() if isinstance(t, Term)))
            for gap in _REGIMEN:
                if gap not in kept or story.often(_CHANGED):
                    kept[gap] = story[gap]
        return kept

    def diagnoses(self) -> str:
        """The list of diagnoses."""
        names = [self.main, *(c.disease for c in self.companions)]
        if len(names) == 1:
            return names[0]
        return " ".join(f"{i}.{name}" for i, name in enumerate(names, 1))

    def _draw_main(self) -> Term:
        chance = self._rng.random()
        if chance < _OTHER_MAIN_SHARE:
            return self.story.draw(OTHER_MAIN)
        subtype = chance < _OTHER_MAIN_SHARE + _SUBTYPE_SHARE
        return self.story.draw(SUBTYPES if subtype else MAIN)

    def _draw_companions(self) -> list[Companion]:
        if self.story.often(_WITHOUT_COMPANION):
            return []
        drawn = [self._draw_companion() for _ in range(self._rng.randint(*_COMPANIONS))]
        found: dict[str, Companion] = {}
        for companion in filter(self._may_have, drawn):
            found.setdefault(companion.group or companion.disease, companion)
        for companion in found.values():
            self.story.told.add((EntityType.DISEASE, companion.disease))
            self.story.bar("denied", self._family_of(companion.disease))
            self.story.bar("negative", (name for _, name in companion.complaints))
        return list(found.values())

    def _may_have(self, companion: Companion) -> bool:
        person = self.patient.person
        other_sex = ONLY_WOMEN if person.sex == "男" else ONLY_MEN
        grown = person.age(FIRST_MONTH[0]) >= companion.from_age
        return grown and companion.disease not in other_sex

    def _draw_companion(self) -> Companion:
        if self.story.often(_OTHER_COMPANION):
            return Companion(self.story.draw(OTHERS).name)
        ranks = _COMMON_RANKS if self.story.often(_COMMON) else _ANY_RANKS
        return by_rank(self._rng, COMPANIONS, ranks)

    def _family_of(self, disease: str) -> tuple[str, ...]:
        """A disease and what it is a kind of: none of them can be denied."""
        return disease, *self.story.words.above(EntityType.DISEASE, disease)

    def _fill(self) -> None:
        """The gaps that hang on the patient: the disease, the years passed."""
        story = self.story
        story["main"] = self.main
        story["years"] = str(self._year - self.patient.onset)
        story["years2"] = self._passed(2, 14)
        story["operated"] = self._passed(3, 20)
        story.bar("denied", self._family_of(self.main.name))
        if self.patient.person.age(self.patient.onset) > _CHILDBEARING_ENDS:
            story.bar("event", _CHILDBEARING)

    def _passed(self, low: int, high: int) -> str:
        return str(self._rng.randint(low, high) + self._year - FIRST_MONTH[0])

    def _tell_history(self) -> str:
        story = self.story
        effects = [*story.some(phrases.HELPED, 1, 2), *story.some(phrases.FAILED, 1, 1)]
        course = story.some(phrases.COURSE, 1, 1)
        if story.often(_ACHES_TOLD):
            course.append(story.tell(phrases.ACHES))
        onset = (story.tell(phrases.ONSET), story.tell(phrases.DIAGNOSED))
        # What the history leaves open is settled here, so that no stay draws another.
        for gap in _SETTLED:
            story[gap]
        return "".join((*onset, *effects, *course))

    def _tell_past(self) -> str:
        story = self.story
        sentences = [self._tell_companion(c) for c in self.companions if c.lasting]
        operated = story.often(_OPERATED)
        if operated:
            sentences.append(story.tell(phrases.OPERATED))
        sentences.append(story.tell(self._denials(operated)))
        return "".join(sentences) + story.tell(phrases.ALLERGY)

    def _tell_companion(self, companion: Companion) -> str:
        """How long the patient has had it; what it needs and what it feels like, if told."""
        years = self._passed(1, 12)
        if not companion.drugs:
            self.story.update(other=companion.disease, other_years=years)
            return self.story.tell(phrases.PAST_LASTING)
        self.story["ill_years"] = years
        ailment = Ailment(self.story, companion)
        felt = ailment.tell(phrases.AILING_FELT) if self.story.often(_FELT) else ""
        return ailment.tell(phrases.AILING_PAST) + felt

    def _denials(self, operated: bool) -> list[str]:
        """The sentences that deny nothing which the patient has had."""
        had = "".join(c.disease for c in self.companions) + "手术" * operated
        told = [word for word in ("手术", "肝炎", "结核") if word in had]
        return [p for p in phrases.PAST_DENIED if not any(word in p for word in told)]

    def _tell_personal(self) -> str:
        smokes = self.story.sex == "男" and self.story.often(_SMOKING_MEN)
        return self.story.tell(phrases.SMOKER if smokes else phrases.PERSONAL)

    def _tell_marriage(self) -> str:
        person = self.patient.person
        text = self.story.tell(phrases.MARRIAGE)
        if person.sex == "女" and person.age(FIRST_MONTH[0]) > _AFTER_MENOPAUSE:
            text += self.story.tell(phrases.MENOPAUSE)
        return text


def time_since(left: date, day: date) -> str:
    """How long ago the last discharge was, as a history tells it: 20天, 3月, 2年."""
    days = (day - left).days
    if days < 60:
        return f"{days}天"
    return f"{days // 30}月" if days < 720 else f"{days // 365}年"
