"""Small inboxes for whole runs, with strings planted that must not come out anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

# Names, ids and numbers that no real person has; each must be masked wherever it stands.
PLANTED = (
    "闻人翠屏",
    "郁离鹤鸣",
    "329901196505121285",
    "15400001234",
    "ZY2019080511",
    "柳堤路9号3幢201室",
)
# A sentence of a record: must be in the tables, and in nothing that is shown or logged.
CANARY = "金丝雀在第三根栏杆上唱歌"


@dataclass(frozen=True)
class Stay:
    """One admission in the inbox; `month` is YYYY-MM."""

    id: str
    month: str
    symptom: str = "双手关节肿痛"

    def text(self) -> str:
        """A plain-text record with identifying header and canary."""
        return f"""南屏市第三人民医院住院病历
姓名：{PLANTED[0]}　性别：女　年龄：47岁
记录编号：{self.id}
身份证号：{PLANTED[2]}　住院号：{PLANTED[4]}
住址：江苏省云川市{PLANTED[5]}　联系电话：{PLANTED[3]}
入院日期：{self.month}-05　　出院日期：{self.month}-16
入院记录
【主诉】{self.symptom}5年。
【现病史】患者{PLANTED[0]}，女，5年前出现{self.symptom}，受凉后加重，口服来氟米特后好转。{CANARY}。
【体格检查】双腕压痛（+），双膝肿胀。
【初步诊断】1.类风湿关节炎
出院记录
【诊疗经过】予甲氨蝶呤10mg qw，{self.symptom}减轻。医师签名：{PLANTED[1]}
【出院诊断】1.类风湿关节炎
"""


def write_inbox(folder: Path, stays: list[Stay]) -> Path:
    """One text file a stay, and one file that is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    for stay in stays:
        (folder / f"{stay.id}.txt").write_text(stay.text(), encoding="utf-8")
    bad = {"id": "BAD", "text": f"【主诉】{CANARY}，{PLANTED[0]}。"}
    (folder / "no_date.json").write_text(json.dumps(bad, ensure_ascii=False), encoding="utf-8")
    return folder
