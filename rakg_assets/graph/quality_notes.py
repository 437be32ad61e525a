"""What a reader of the report must know of the data: origin, what was refused, what is unlinked."""

from __future__ import annotations

import pandas as pd

from rakg_assets.graph.report import Note, Severity

_SAMPLE = (
    "数据是自带样例：大部分病历由程序生成，仅供演示规模，不反映任何医院的病人，也不用于评价模型。"
)


def quality_notes(
    review_queue: pd.DataFrame, quarantined_files: pd.DataFrame, sample: bool = False
) -> list[Note]:
    """Notes in Chinese from the tables `review_queue` and `quarantined_files`; no record text.

    `sample` says that the records are those of the sample inbox.
    """
    origin = [Note(Severity.WARNING, _SAMPLE)] if sample else []
    notes = []
    if refused := len(quarantined_files):
        notes.append(Note(Severity.WARNING, f"隔离区有 {refused:,} 份文件或记录未被采用。"))
    if waiting := len(review_queue):
        mentions = int(review_queue["mentions"].sum())
        text = f"{waiting:,} 个词形（共 {mentions:,} 处）尚未链接到标准概念，待人工审核。"
        notes.append(Note(Severity.WARNING, text))
    return origin + (notes or [Note(Severity.GOOD, "没有被隔离的记录，也没有未链接的词形。")])
