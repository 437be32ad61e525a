"""What every stay of a patient tells alike: diseases, how it began, habits, earlier drugs.

It is told anew from the patient's own source of chance, word for word the same but for the years
that have passed. Does not belong here: what a stay adds (`notes.py`).
"""

from __future__ import annotations

from datetime import date

from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample import phrases
from rakg_assets.sample.companions import COMPANIONS, OTHERS, Companion
from rakg_assets.sample.stories import Story
from rakg_assets.sample.terms import MAIN, ONLY_MEN, ONLY_WOMEN, OTHER_MAIN, SUBTYPES, Slot
from rakg_assets.sample.visits import FIRST_MONTH, Patient
from rakg_assets.sample.words import Term, Words, by_rank

_OTHER_MAIN_SHARE, _SUBTYPE_SHARE = 0.04, 0.06
_WITHOUT_COMPANION, _OTHER_COMPANION = 0.2, 0.14
_OPERATED, _SMOKING_MEN, _AFTER_MENOPAUSE = 0.3, 0.45, 55
_CHANGED = 0.35
_CHILDBEARING, _CHILDBEARING_ENDS = ("产后", "妊娠", "流产", "月经期"), 45
_REGIMEN = ("drug5", "drug6", "nsaid3", "support1", "support2")
_SETTLED = (
    *("joints", "joint1", "joint2", "joint3", "pain1", "stiff1", "tail1", "weather1"),
    "relief1",
)
#: Gaps that a stay fills as the life does.
CARRIED = ("main", "companion", "own1", "own2", "ill1", "years", *_SETTLED)


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

    @property
    def treated(self) -> Companion | None:
        """The first companion for which drugs are told."""
        return next((c for c in self.companions if c.drugs), None)

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

    def has(self, disease: str) -> bool:
        """Whether a disease is among the companions."""
        return any(c.disease == disease for c in self.companions)

    def _draw_main(self) -> Term:
        chance = self._rng.random()
        if chance < _OTHER_MAIN_SHARE:
            return self.story.draw(OTHER_MAIN)
        subtype = chance < _OTHER_MAIN_SHARE + _SUBTYPE_SHARE
        return self.story.draw(SUBTYPES if subtype else MAIN)

    def _draw_companions(self) -> list[Companion]:
        if self.story.often(_WITHOUT_COMPANION):
            return []
        barred = ONLY_WOMEN if self.story.sex == "男" else ONLY_MEN
        drawn = [self._draw_companion() for _ in range(self._rng.randint(1, 4))]
        found = {c.disease: c for c in drawn if c.disease not in barred}
        for disease in found:
            self.story.told.add((EntityType.DISEASE, disease))
            self.story.bar("denied", self._family_of(disease))
        return list(found.values())

    def _draw_companion(self) -> Companion:
        if self.story.often(_OTHER_COMPANION):
            table = tuple(c.disease for c in COMPANIONS)
            return Companion(self.story.draw(OTHERS, table).name)
        return by_rank(self._rng, COMPANIONS, 0.7)

    def _family_of(self, disease: str) -> tuple[str, ...]:
        """A disease and what it is a kind of: none of them can be denied."""
        return disease, *self.story.words.above(EntityType.DISEASE, disease)

    def _fill(self) -> None:
        """The gaps that hang on the patient: years passed, the first companion, its drugs."""
        story = self.story
        story["main"] = self.main
        story["years"] = str(self._year - self.patient.onset)
        story["years2"] = self._passed(2, 14)
        story["operated"] = self._passed(3, 20)
        story.bar("denied", self._family_of(self.main.name))
        if self.patient.person.age(self.patient.onset) > _CHILDBEARING_ENDS:
            story.bar("event", _CHILDBEARING)
        if treated := self.treated:
            story["companion"] = treated.disease
            story["own1"] = story.draw(treated.slot)
            story["own2"] = story.draw(treated.slot, {story["own1"].name})  # type: ignore[attr-defined]
            if treated.complaints:
                complaints = Slot(EntityType.SYMPTOM, treated.complaints)
                story["ill1"] = story.draw(complaints)
                story.bar("negative", treated.complaints)

    def _passed(self, low: int, high: int) -> str:
        return str(self._rng.randint(low, high) + self._year - FIRST_MONTH[0])

    def _tell_history(self) -> str:
        story = self.story
        effects = [*story.some(phrases.HELPED, 1, 2), *story.some(phrases.FAILED, 1, 2)]
        course = story.some(phrases.COURSE, 1, 2)
        onset = (story.tell(phrases.ONSET), story.tell(phrases.DIAGNOSED))
        # What the history leaves open is settled here, so that no stay draws another.
        for gap in _SETTLED:
            story[gap]
        return "".join((*onset, *effects, *course))

    def _tell_past(self) -> str:
        story = self.story
        sentences = []
        for companion in self.companions:
            if companion is self.treated and companion.lasting:
                sentences.append(story.tell(phrases.PAST_TREATED))
            elif companion.lasting:
                story.update(other=companion.disease, other_years=self._passed(1, 12))
                sentences.append(story.tell(phrases.PAST_LASTING))
        operated = story.often(_OPERATED)
        if operated:
            sentences.append(story.tell(phrases.OPERATED))
        sentences.append(story.tell(self._denials(operated)))
        return "".join(sentences) + story.tell(phrases.ALLERGY)

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
