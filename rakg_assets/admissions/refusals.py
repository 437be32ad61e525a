"""Why a file or record is refused: every reason code with its sentence and remedy.

Belongs here: the table of reasons and the exception that carries one. Does not belong here: who
decides (the readers, `judgement.py`) or where copies lie (`quarantine.py`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """What a code means and what to do, in Chinese and English."""

    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


REASONS: dict[str, Reason] = {
    "empty": Reason(
        "没有任何内容",
        "holds nothing but space, invisible characters or a table's header",
        "重新导出该文件",
        "export the file again",
    ),
    "undecodable": Reason(
        "无法解码",
        "is text in no known encoding",
        "以 UTF-8 或 GB18030 重新保存",
        "save it as UTF-8 or GB18030",
    ),
    "truncated_character": Reason(
        "末尾字符不完整",
        "ends inside a character",
        "传输可能中断，请重新复制",
        "the copy was cut off; copy it again",
    ),
    "no_admission_date": Reason(
        "没有有效的入院日期",
        "has no valid admission date",
        "补充入院日期字段，或设置默认月份",
        "add the field 入院日期, or set a default month for records without any date",
    ),
    "date_out_of_range": Reason(
        "日期早于首月或在将来",
        "has a date before the first month or in the future",
        "核对入院与出院日期，或调整首月配置",
        "correct the dates, or configure an earlier first month",
    ),
    "discharge_before_admission": Reason(
        "出院日期早于入院日期",
        "is discharged before it is admitted",
        "核对入院与出院日期",
        "correct the dates",
    ),
    "two_patients": Reason(
        "同一文本中有两名患者",
        "holds notes of two persons",
        "每名患者单独成文",
        "put each person into a file of their own",
    ),
    "duplicate_id": Reason(
        "记录编号重复，另有更新的版本",
        "has the id of a later version with other text",
        "删除旧版本；若是不同病历，请改用不同编号",
        "remove the old version, or give another record another id",
    ),
    "identical_copy": Reason(
        "与另一份记录完全相同",
        "is the same record as another file or line",
        "无需处理",
        "nothing needs to be done",
    ),
    "too_large": Reason(
        "超过大小上限",
        "is over the size limit, packed or unpacked",
        "拆分文件，或调高上限",
        "split the file, or raise the limit",
    ),
    "malformed": Reason(
        "格式错误或与文件名不符",
        "is broken, unsafe, or of another type than its name says",
        "检查导出格式与文件名",
        "check the export and the file's name",
    ),
    "unreadable": Reason(
        "无法打开",
        "cannot be opened",
        "检查文件权限与存储",
        "check permissions and storage",
    ),
    "not_a_file": Reason(
        "不是普通文件",
        "is a link, folder, device or pipe",
        "无需处理；如需读取请放入文件本身",
        "nothing needs to be done; put the file itself there to have it read",
    ),
}


class Refusal(Exception):
    """A file or record that is not taken; says where and why, never what the text was."""

    def __init__(self, reason: str, particulars: str = "", place: str = "") -> None:
        """`particulars` adds numbers or names of a format to the reason's own sentence."""
        super().__init__(reason)
        self.reason, self.particulars, self.place = reason, particulars, place

    @property
    def detail(self) -> str:
        """One line for a person: what is wrong and the remedy."""
        return describe(self.reason, self.particulars)


def describe(reason: str, particulars: str = "") -> str:
    """The sentence and remedy of a reason code, Chinese then English."""
    known = REASONS[reason]
    more = f" ({particulars})" if particulars else ""
    return f"{known.zh}：{known.remedy_zh}。It {known.en}{more}: {known.remedy_en}."
