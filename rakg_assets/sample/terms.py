"""Which concepts the generated records speak of, the commonest first, and with what doses.

Belongs here: ranked lists of preferred names; every name is one of `dictionaries/`. Does not
belong here: sentences (`phrases.py`) or how often a rank is drawn (`stories.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from rakg_assets.ontology.schema import EntityType


class Slot(NamedTuple):
    """A gap of a sentence: names by rank, and how often an alias stands for the name (0..1)."""

    type: EntityType
    names: tuple[str, ...]
    alias_share: float = 0.0


class Companion(NamedTuple):
    """A disease beside the main one, with its complaints and drugs; `lasting` if chronic."""

    disease: str
    complaints: tuple[str, ...]
    drugs: tuple[str, ...]
    lasting: bool


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_T = EntityType
MAIN = Slot(_T.DISEASE, ("类风湿关节炎",), 0.18)
#: The few records without RA; they must get no rule relation.
OTHER_MAIN = Slot(_T.DISEASE, _words("骨关节炎 强直性脊柱炎 痛风性关节炎 未分化关节炎"))

SLOTS: dict[str, Slot] = {
    "joint": Slot(
        _T.BODY_PART,
        _words(
            "腕关节 膝关节 近端指间关节 掌指关节 踝关节 手 肩关节 肘关节 跖趾关节 "
            "足 髋关节 颞下颌关节"
        ),
        0.35,
    ),
    "pain": Slot(_T.SYMPTOM, _words("肿痛 疼痛 肿胀 酸痛 胀痛"), 0.06),
    "tail": Slot(_T.SYMPTOM, _words("关节肿痛 关节痛 肿痛 疼痛"), 0.06),
    "stiff": Slot(_T.SYMPTOM, ("晨僵",), 0.05),
    "systemic": Slot(
        _T.SYMPTOM, _words("乏力 发热 低热 食欲减退 失眠 体重下降 口干 眼干 麻木 肌痛 消瘦"), 0.15
    ),
    "function": Slot(
        _T.SYMPTOM,
        _words("行走困难 握拳困难 下蹲困难 上下楼梯困难 持物困难 抬举困难 翻身困难 穿衣困难"),
        0.1,
    ),
    "negative": Slot(
        _T.SYMPTOM,
        _words(
            "发热 皮疹 口腔溃疡 脱发 光过敏 咳嗽 胸闷 口干 眼干 腹痛 雷诺现象 咳痰 气短 腹泻 头晕 "
            "恶心 呕吐 黑便 血尿 头痛"
        ),
    ),
    "event": Slot(
        _T.AGGRAVATING_FACTOR,
        _words(
            "受凉 劳累 停药 感冒 接触冷水 淋雨 长时间行走 提重物 体力劳动 药物减量 不规律用药 熬夜 "
            "产后 情绪波动 外伤 感染 潮湿 久站 吹风"
        ),
        0.12,
    ),
    "weather": Slot(
        _T.AGGRAVATING_FACTOR, _words("阴雨天 天气变化 寒冷 活动 上下楼梯 负重 下蹲 行走"), 0.08
    ),
    "relief": Slot(
        _T.MITIGATION_FACTOR,
        _words("休息 活动后 热敷 保暖 卧床休息 温水浸泡 制动 热水泡脚 更换体位 抬高患肢 揉按"),
    ),
    "drug": Slot(
        _T.TREATMENT,
        _words(
            "甲氨蝶呤 来氟米特 羟氯喹 泼尼松 雷公藤多苷 柳氮磺吡啶 艾拉莫德 白芍总苷 甲泼尼龙 "
            "依那西普 托珠单抗 阿达木单抗 托法替布 青藤碱 英夫利西单抗 环磷酰胺 硫唑嘌呤 泼尼松龙 "
            "锝[99Tc]亚甲基二膦酸盐 巴瑞替尼 环孢素 他克莫司 地塞米松 尪痹片 沙利度胺 戈利木单抗"
        ),
        0.22,
    ),
    "nsaid": Slot(
        _T.TREATMENT,
        _words(
            "双氯芬酸 塞来昔布 美洛昔康 布洛芬 洛索洛芬 依托考昔 艾瑞昔布 吲哚美辛 尼美舒利 "
            "萘丁美酮 对乙酰氨基酚 去痛片"
        ),
        0.22,
    ),
    "remedy": Slot(_T.TREATMENT, _words("中药 针灸 膏药 物理治疗 推拿 艾灸 拔罐")),
    "therapy": Slot(
        _T.TREATMENT,
        _words("功能锻炼 物理治疗 中药熏洗 红外线照射 针灸 蜡疗 超短波治疗 中频脉冲电治疗"),
        0.2,
    ),
    "support": Slot(
        _T.TREATMENT,
        _words("碳酸钙D3 骨化三醇 叶酸 奥美拉唑 阿法骨化醇 泮托拉唑 维生素D 瑞巴派特"),
        0.1,
    ),
    "lab": Slot(
        _T.LAB_TEST,
        _words("类风湿因子 抗环瓜氨酸肽抗体 红细胞沉降率 C反应蛋白 抗核抗体 抗角蛋白抗体"),
        0.6,
    ),
    "check": Slot(
        _T.LAB_TEST,
        _words("血常规 肝功能 肾功能 红细胞沉降率 C反应蛋白 尿常规 肝肾功能 血糖 电解质 血脂"),
        0.25,
    ),
    "imaging": Slot(
        _T.IMAGING_TEST,
        _words(
            "手X线 胸部CT 关节超声 骨密度 膝关节X线 手MRI 足X线 心电图 腹部超声 超声心动图 肺功能 "
            "胸部高分辨率CT"
        ),
        0.6,
    ),
}

#: How the side stands before a joint; most take 双, 左, 右 as they are.
SIDED = {"近端指间关节": "手", "掌指关节": "手", "跖趾关节": "足"}


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
""")

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
