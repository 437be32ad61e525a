"""The review queue as files that people fill in, and their answers read back.

CSV for a spreadsheet, Label Studio tasks for a team. Belongs here: the two shapes. Does not
belong here: what is asked (`review.py`) and what becomes of the answers (`overrides.py`).
"""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from rakg_assets.fusion.overrides import NIL, REQUIRED, Decision, OverridesError, read_rows
from rakg_assets.ontology.files import write_text

_ASKED = ("type", "mention", "records", "mentions")
_ANSWER = ("concept_id", "note")
# What a spreadsheet takes for the beginning of a formula, and its own sign that it is none.
_FORMULA, _TEXT_SIGN = frozenset("=+-@"), "'"
_CHOICE, _OTHER = "concept", "other"
#: The labelling interface that the tasks are made for; Label Studio asks for it once a project.
LABEL_STUDIO_CONFIG = f"""<View>
  <Header value="$type"/>
  <Text name="mention" value="$mention"/>
  <Choices name="{_CHOICE}" toName="mention" choice="single-radio" value="$candidates"/>
  <TextArea name="{_OTHER}" toName="mention" maxSubmissions="1"
            placeholder="其他概念编号，或 {NIL}（无对应概念）"/>
</View>
"""


def export_csv(queue: pd.DataFrame, target: Path) -> list[Path]:
    """One row a surface form; `concept_id` is left for the answer: an id, or NIL. Files written.

    Spreadsheets read UTF-8 only with its mark at the beginning.
    """
    most = max(map(len, queue["candidates"]), default=0)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*_ASKED, *_ANSWER, *(f"candidate_{n}" for n in range(1, most + 1))))
    for row in queue.itertuples(index=False):
        asked = [_as_text(getattr(row, column)) for column in _ASKED]
        described = [*map(_described, row.candidates), *([""] * most)][:most]
        writer.writerow((*asked, *([""] * len(_ANSWER)), *described))
    write_text(target, "\ufeff" + text.getvalue())
    return [target]


def export_label_studio(queue: pd.DataFrame, target: Path) -> list[Path]:
    """A JSON list of tasks and, beside it as XML, the interface for them. Files written.

    Raises `OverridesError` for a target that does not end in .json.
    """
    if target.suffix.lower() != ".json":
        raise OverridesError(f"{target.name}: Label Studio reads tasks as JSON; name a .json file")
    tasks = [{"data": _task(row)} for row in queue.itertuples(index=False)]
    write_text(target, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    interface = target.with_suffix(".xml")
    write_text(interface, LABEL_STUDIO_CONFIG)
    return [target, interface]


EXPORTS: Mapping[str, Callable[[pd.DataFrame, Path], list[Path]]] = {
    "csv": export_csv,
    "label_studio": export_label_studio,
}


def read_decisions(path: Path) -> list[Decision]:
    """The answers in a filled-in CSV or in a JSON export of Label Studio; unanswered rows pass.

    Raises `OverridesError` for a file in neither shape.
    """
    if path.suffix.lower() == ".json":
        return list(_of_label_studio(path))
    rows = read_rows(path, REQUIRED)
    return [
        Decision(
            *(row["type"], row["mention"].removeprefix(_TEXT_SIGN), _id_of(row["concept_id"])),
            *(row.get("note", ""), place),
        )
        for place, row in rows
        if row["concept_id"]
    ]


def _id_of(answer: str) -> str:
    """The id at the beginning of an answer: people copy the whole candidate."""
    return answer.split()[0].upper()


def _as_text(value: object) -> object:
    """A mention as it is, marked as text where a spreadsheet would take it for a formula."""
    return _TEXT_SIGN + value if isinstance(value, str) and value[:1] in _FORMULA else value


def _described(candidate: Mapping[str, Any]) -> str:
    return f"{candidate['concept_id']} {candidate['name_zh']} {candidate['score']:.2f}"


def _task(row: Any) -> dict[str, Any]:
    choices = [
        {"value": c["concept_id"], "html": html.escape(_described(c))} for c in row.candidates
    ]
    nothing = {"value": NIL, "html": "无对应概念"}
    asked = {column: getattr(row, column) for column in _ASKED}
    return {**asked, "candidates": [*choices, nothing]}


def _of_label_studio(path: Path) -> Iterator[Decision]:
    remedy = "export the project from Label Studio as JSON"
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise OverridesError(f"{path.name}: not JSON in UTF-8; {remedy}") from None
    if not isinstance(tasks, list):
        raise OverridesError(f"{path.name}: no list of tasks; {remedy}")
    for number, task in enumerate(tasks, 1):
        place = f"{path.name}, task {number}"
        try:
            data = task["data"]
            answers = [_answer(annotation) for annotation in task.get("annotations") or ()]
            asked = str(data["type"]), str(data["mention"])
        except (TypeError, KeyError, AttributeError, IndexError):
            raise OverridesError(f"{place}: not of our export; {remedy}") from None
        given = list(dict.fromkeys(filter(None, answers)))
        if len(given) > 1:
            raise OverridesError(f"{place}: people answered differently; agree on one answer")
        if given:
            yield Decision(*asked, given[0], "", place)


def _answer(annotation: Mapping[str, Any]) -> str:
    """What was written into the free field, else what was chosen; empty if neither."""
    if annotation.get("was_cancelled"):
        return ""
    results = annotation["result"] or ()
    answers = {result.get("from_name"): result.get("value", {}) for result in results}
    written = answers.get(_OTHER, {}).get("text") or ""
    written = written if isinstance(written, str) else str(written[0])
    chosen = answers.get(_CHOICE, {}).get("choices") or [""]
    answer = written.strip() or str(chosen[0])
    return _id_of(answer) if answer else ""
