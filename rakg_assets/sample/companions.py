"""What stands beside the joints: companion diseases with drugs, doses, tests, other numbers.

Belongs here: clinical tables; every name is one of `dictionaries/`. Does not belong here: ranked
lists of single concepts (`terms.py`) or sentences (`phrases.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample.terms import EVERYTHING, MAIN, OTHER_MAIN, PANDEMIC, SUBTYPES, Slot, words


class Companion(NamedTuple):
    """A disease beside the main one, with its complaints and drugs; `lasting` if chronic."""

    disease: str
    complaints: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    lasting: bool = True

    @property
    def slot(self) -> Slot:
        """Its drugs by rank, those of its classes last."""
        return Slot(EntityType.TREATMENT, self.drugs, 0.2, CLASSES.get(self.disease, ()))


def _companions(lines: str) -> tuple[Companion, ...]:
    rows = ([cell.split() for cell in line.split("|")] for line in lines.strip().splitlines())
    return tuple(
        Companion(disease[0], tuple(complaints), tuple(drugs), bool(lasting))
        for disease, complaints, drugs, lasting in rows
    )


#: The commonest first: disease | complaints | drugs | 慢 if chronic.
COMPANIONS: tuple[Companion, ...] = _companions("""
高血压病 | 头晕 | 氨氯地平 硝苯地平 缬沙坦 厄贝沙坦 | 慢
骨质疏松症 | 腰背痛 抽筋 | 碳酸钙D3 骨化三醇 阿仑膦酸钠 唑来膦酸 | 慢
2型糖尿病 | 多饮 | 二甲双胍 阿卡波糖 格列美脲 胰岛素 | 慢
间质性肺病 | 干咳 气短 | 乙酰半胱氨酸 环磷酰胺 甲泼尼龙 |
继发性干燥综合征 | 口干 眼干 | 羟氯喹 人工泪液 白芍总苷 |
贫血 | 乏力 头晕 | 琥珀酸亚铁 多糖铁复合物 叶酸 |
膝骨关节炎 | 行走困难 | 氨基葡萄糖 双醋瑞因 玻璃酸钠 | 慢
慢性胃炎 | 上腹不适 反酸 | 奥美拉唑 铝碳酸镁 雷贝拉唑 | 慢
肺炎 | 咳嗽 咳痰 发热 | 左氧氟沙星 头孢曲松 莫西沙星 氨溴索 |
冠心病 | 胸闷 心悸 | 阿司匹林 阿托伐他汀 美托洛尔 | 慢
高脂血症 | | 阿托伐他汀 瑞舒伐他汀 | 慢
脂肪肝 | | 多烯磷脂酰胆碱 水飞蓟宾 | 慢
颈椎病 | 颈部疼痛 头晕 | 甲钴胺 牵引 | 慢
脑梗死 | 头晕 麻木 | 氯吡格雷 阿司匹林 | 慢
甲状腺功能减退症 | 乏力 | 左甲状腺素 碳酸钙D3 | 慢
药物性肝损伤 | 食欲减退 乏力 | 双环醇 异甘草酸镁 谷胱甘肽 |
腰椎间盘突出症 | 腰痛 | 甲钴胺 乙哌立松 牵引 | 慢
白细胞减少症 | 乏力 | 利可君 重组人粒细胞集落刺激因子 |
心房颤动 | 心悸 | 华法林 利伐沙班 美托洛尔 | 慢
甲状腺结节 | | | 慢
胆囊结石 | 上腹不适 | 熊去氧胆酸 | 慢
慢性支气管炎 | 咳嗽 咳痰 | 氨溴索 茶碱 桉柠蒎 | 慢
支气管扩张症 | 咳痰 咯血 | 氨溴索 左氧氟沙星 标准桃金娘油 | 慢
失眠症 | 失眠 | 艾司唑仑 右佐匹克隆 百乐眠胶囊 | 慢
泌尿道感染 | 尿频 尿急 | 左氧氟沙星 头孢克肟 |
上呼吸道感染 | 咽痛 流涕 | 连花清瘟胶囊 阿莫西林 双黄连口服液 |
低蛋白血症 | 水肿 | 人血白蛋白 营养支持 |
低钾血症 | 乏力 | 补钾治疗 |
心力衰竭 | 气短 水肿 | 呋塞米 螺内酯 沙库巴曲缬沙坦 | 慢
支气管哮喘 | 喘鸣 | 布地奈德福莫特罗 孟鲁司特 | 慢
周围神经病变 | 麻木 | 甲钴胺 维生素B1 硫辛酸 | 慢
带状疱疹 | 灼痛 皮疹 | 伐昔洛韦 泛昔洛韦 普瑞巴林 |
痛风 | 足痛 | 非布司他 秋水仙碱 碳酸氢钠 | 慢
慢性肾脏病 | 泡沫尿 | 百令胶囊 黄葵胶囊 厄贝沙坦 | 慢
乙型肝炎病毒携带者 | | 恩替卡韦 替诺福韦 | 慢
前列腺增生 | 排尿困难 | 坦索罗辛 非那雄胺 | 慢
慢性阻塞性肺疾病 | 气短 咳痰 | 噻托溴铵 沙美特罗替卡松 | 慢
抑郁症 | 情绪低落 失眠 | 草酸艾司西酞普兰 舍曲林 | 慢
""")

#: Parents of further drugs that a companion is treated with.
CLASSES: dict[str, tuple[str, ...]] = {
    "高血压病": (
        *("钙通道阻滞剂", "血管紧张素Ⅱ受体拮抗剂", "血管紧张素转换酶抑制剂", "β受体阻滞剂"),
        *("利尿剂", "降压药"),
    ),
    "2型糖尿病": ("降糖药", "胰岛素"),
    "骨质疏松症": ("抗骨质疏松药", "双膦酸盐", "钙剂"),
    "肺炎": ("抗生素", "头孢菌素", "喹诺酮类"),
    "高脂血症": ("他汀类药物", "调脂药"),
    "慢性胃炎": ("质子泵抑制剂", "胃黏膜保护剂"),
    "冠心病": ("抗血小板药",),
    "药物性肝损伤": ("保肝药",),
    "失眠症": ("镇静催眠药",),
    "贫血": ("补血药",),
    "慢性支气管炎": ("祛痰药",),
    "带状疱疹": ("抗病毒药",),
    "间质性肺病": ("免疫抑制剂",),
}
#: All other diseases that may stand in a list of diagnoses; no drug of theirs is told.
OTHERS = Slot(
    EntityType.DISEASE,
    ("肺结节", "白内障", "湿疹", "慢性咽炎", "肾囊肿", "肝囊肿", "颈动脉粥样硬化", "干眼症"),
    0.1,
    EVERYTHING,
    (
        *(*MAIN.names, *SUBTYPES.names, *OTHER_MAIN.names, PANDEMIC),
        *words(
            "感染 幼年特发性关节炎 急性心肌梗死 脑出血 休克 败血症 胃肠穿孔 腹膜炎 阑尾炎 肠梗阻 "
            "疟疾 艾滋病 白血病 妊娠期糖尿病 自然流产 产后抑郁 糖尿病 1型糖尿病 糖尿病酮症酸中毒 "
            "水痘 麻疹 猩红热 菌痢 伤寒 精神分裂症 血友病 肢端肥大症 甲氨蝶呤中毒 呼吸衰竭 压疮 "
            "噬血细胞综合征 骨折 恶性肿瘤 痛经 脊柱关节炎 寒湿痹阻证 湿热痹阻证 痰瘀痹阻证 "
            "瘀血阻络证 热痹 骨痹 燥痹"
        ),
    ),
)

DOSES: dict[str, tuple[str, ...]] = {
    "甲氨蝶呤": ("10mg qw", "12.5mg qw", "15mg每周一次", "7.5mg qw"),
    "来氟米特": ("20mg qd", "10mg qd", "10mg每日一次"),
    "羟氯喹": ("0.2g bid", "0.1g bid", "0.2g每日两次"),
    "泼尼松": ("10mg qd", "5mg qd", "15mg每日一次"),
    "泼尼松龙": ("10mg qd", "15mg qd"),
    "甲泼尼龙": ("8mg qd", "4mg qd", "40mg静滴qd"),
    "雷公藤多苷": ("20mg tid", "10mg tid"),
    "柳氮磺吡啶": ("0.5g bid", "0.75g tid", "1.0g bid"),
    "艾拉莫德": ("25mg bid",),
    "白芍总苷": ("0.6g bid", "0.6g tid"),
    "依那西普": ("25mg皮下注射每周两次", "50mg qw"),
    "阿达木单抗": ("40mg q2w", "40mg皮下注射每两周一次"),
    "托珠单抗": ("320mg静滴", "8mg/kg q4w"),
    "托法替布": ("5mg bid",),
    "塞来昔布": ("0.2g qd", "0.2g bid"),
    "双氯芬酸": ("75mg qd", "75mg bid"),
    "美洛昔康": ("7.5mg qd", "15mg qd"),
    "洛索洛芬": ("60mg tid",),
    "依托考昔": ("60mg qd",),
    "碳酸钙D3": ("600mg qd", "0.6g qd"),
    "骨化三醇": ("0.25μg qd",),
    "叶酸": ("5mg qw", "10mg qw"),
    "奥美拉唑": ("20mg qd",),
    "氨氯地平": ("5mg qd",),
    "二甲双胍": ("0.5g bid", "0.5g tid"),
    "阿司匹林": ("100mg qd",),
}


class Assay(NamedTuple):
    """A test with its unit and the range of values in active disease."""

    name: str
    unit: str
    low: float
    high: float
    decimals: int = 0


#: The first four fall under treatment; the others are told once.
ASSAYS: tuple[Assay, ...] = (
    Assay("红细胞沉降率", "mm/h", 28, 118),
    Assay("C反应蛋白", "mg/L", 8, 130, 1),
    Assay("血小板计数", "×10^9/L", 180, 520),
    Assay("白细胞计数", "×10^9/L", 3.2, 12.4, 2),
    Assay("类风湿因子", "IU/ml", 25, 980, 1),
    Assay("抗环瓜氨酸肽抗体", "U/ml", 18, 500),
    Assay("血红蛋白", "g/L", 78, 142),
    Assay("丙氨酸氨基转移酶", "U/L", 9, 88),
    Assay("肌酐", "μmol/L", 38, 112),
    Assay("尿酸", "μmol/L", 180, 510),
    Assay("白蛋白", "g/L", 28, 44, 1),
    Assay("D-二聚体", "mg/L", 0.2, 4.5, 2),
    Assay("铁蛋白", "ng/ml", 40, 620),
    Assay("补体C3", "g/L", 0.6, 1.6, 2),
    Assay("白介素6", "pg/ml", 5, 160, 1),
)

#: Gaps that are numbers: inclusive ranges; a real range is told with one decimal.
RANGES: dict[str, tuple[float, float]] = {
    "years": (1, 30),
    "years2": (2, 18),
    "months": (2, 6),
    "weeks": (2, 6),
    "days": (5, 20),
    "hours": (1, 3),
    "minutes": (20, 90),
    "few": (5, 20),
    "cigarettes": (5, 30),
    "children": (1, 3),
    "menopause": (45, 54),
    "temperature": (36.2, 37.4),
    "score": (2.5, 4.2),
    "pulse": (64, 98),
    "breath": (17, 21),
    "systolic": (108, 158),
    "diastolic": (62, 94),
}
