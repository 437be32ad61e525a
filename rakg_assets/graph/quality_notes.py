"""What a reader of the report must know of the data: what was refused and what is not linked."""

from __future__ import annotations

import pandas as pd

from rakg_assets.graph.report import Note, Severity


def quality_notes(review_queue: pd.DataFrame, quarantined_files: pd.DataFrame) -> list[Note]:
    """Notes in Chinese from the tables `review_queue` and `quarantined_files`; no record text."""
    notes = []
    if refused := len(quarantined_files):
        notes.append(Note(Severity.WARNING, f"隔离区有 {refused:,} 份文件或记录未被采用。"))
    if waiting := len(review_queue):
        mentions = int(review_queue["mentions"].sum())
        text = f"{waiting:,} 个词形（共 {mentions:,} 处）尚未链接到标准概念，待人工审核。"
        notes.append(Note(Severity.WARNING, text))
    return notes or [Note(Severity.GOOD, "没有被隔离的记录，也没有未链接的词形。")]
