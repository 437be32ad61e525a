from __future__ import annotations

import pandas as pd

from rakg_assets.graph.quality_notes import quality_notes
from rakg_assets.graph.report import Severity

QUEUE = pd.DataFrame({"type": ["disease"] * 2, "mention": ["甲病", "乙病"], "mentions": [1200, 3]})
FILES = pd.DataFrame({"file": ["王小明.txt"], "reason": ["malformed"]})


def test_what_was_refused_and_what_is_not_linked_is_counted_and_not_named() -> None:
    refused, unlinked = quality_notes(QUEUE, FILES)
    assert "1 份" in refused.text
    assert "2 个词形（共 1,203 处）" in unlinked.text
    assert {refused.severity, unlinked.severity} == {Severity.WARNING}
    assert not [w for w in ("甲病", "王小明") if w in refused.text + unlinked.text]


def test_each_is_told_alone() -> None:
    assert len(quality_notes(QUEUE, FILES.iloc[:0])) == 1
    assert len(quality_notes(QUEUE.iloc[:0], FILES)) == 1


def test_good_data_is_said_to_be_good() -> None:
    [note] = quality_notes(QUEUE.iloc[:0], FILES.iloc[:0])
    assert note.severity is Severity.GOOD
