"""What a record tells of a companion disease: complaints, drugs, what sets it off, signs, tests.

Belongs here: which of the disease's terms a patient or a stay has, and sentences of them. Does not
belong here: the table of diseases (`companions.py`) or the words of the sentences (`phrases.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample import findings
from rakg_assets.sample.companions import Companion, Sited
from rakg_assets.sample.stories import Story, one_after
from rakg_assets.sample.terms import Slot

_T = EntityType
_AT_MOST = 2
_ALIASES = 0.04
_HEARD, _FELT = ("音",), ("结节", "肿块", "痛风石")


class Ailment:
    """A companion disease with the terms drawn for one patient or one stay.

    `drug` is what the patient takes home, None if there is nothing to take.
    """

    def __init__(self, story: Story, companion: Companion) -> None:
        """Draw the terms, each noted in the story as told."""
        self.companion, self._story = companion, story
        drugs = story.several(companion.slot, _AT_MOST + 1)
        used, others = drugs[:_AT_MOST], drugs[_AT_MOST:]
        self.drug = next((drug for drug in used if story.words.is_medicine(drug.name)), None)
        triggers = Slot(_T.AGGRAVATING_FACTOR, companion.triggers)
        relief = Slot(_T.MITIGATION_FACTOR, companion.relief)
        self._gaps = {
            "companion": companion.disease,
            "ills": "、".join(self._sited(_T.SYMPTOM, companion.complaints)),
            "owns": "、".join(used),
            "failed": "、".join(others),
            "triggers": "、".join(story.several(triggers, _AT_MOST)),
            "eases": one_after(story.several(relief, _AT_MOST)),
        }

    def tell(self, patterns: Sequence[str]) -> str:
        """One of the patterns that ask for nothing which the disease does not have."""
        lacking = [f"{{{gap}}}" for gap, text in self._gaps.items() if not text]
        fit = [p for p in patterns if not any(gap in p for gap in lacking)]
        self._story.update(self._gaps)
        return self._story.tell(fit) if fit else ""

    def signs(self) -> list[str]:
        """What is found with it: 双肺可闻及湿啰音."""
        return self._sited(_T.PHYSICAL_EXAMINATION, self.companion.signs, _verb)

    def tests(self) -> str:
        """Lab tests with how they came out, and what was looked at."""
        views = self._story.several(
            Slot(_T.IMAGING_TEST, self.companion.imaging_tests, _ALIASES), _AT_MOST
        )
        self._story["views"] = "、".join(views)
        seen = self._story.tell(findings.AILING_VIEWS) if views else ""
        return "".join(self._results()) + seen

    def _results(self) -> Iterator[str]:
        """Tests with the same result stand in one sentence, so that it comes again."""
        found = self._story.pick(self.companion.lab_tests, _AT_MOST)
        for result in dict.fromkeys(f.result for f in found):
            slots = [Slot(_T.LAB_TEST, (f.name,), _ALIASES) for f in found if f.result == result]
            names = "、".join(self._story.say(slot, slot.names[0]) for slot in slots)
            yield f"{names}{result}。" if result else f"复查{names}。"

    def _sited(
        self,
        kind: EntityType,
        items: Sequence[Sited],
        verb: Callable[[Sited], str] = lambda _: "",
    ) -> list[str]:
        picked = self._story.pick(items, _AT_MOST)
        terms = [self._story.say(Slot(kind, (item.name,)), item.name) for item in picked]
        return [i.site + verb(i) + term for i, term in zip(picked, terms, strict=True)]


def _verb(sign: Sited) -> str:
    if sign.name.endswith(_HEARD):
        return "可闻及"
    return "可触及" if sign.name.endswith(_FELT) and not sign.name.startswith(sign.site) else ""
