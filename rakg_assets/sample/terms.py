"""Which concepts the generated records speak of, the commonest first.

Belongs here: the heads of ranked lists, written by hand, and which part of `dictionaries/` follows
them. Does not belong here: sentences (`phrases.py`), how often a rank is drawn (`words.py`),
diseases with drugs and doses (`companions.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from rakg_assets.ontology.schema import EntityType

#: As `rest`: whatever its parent is.
EVERYTHING = ("*",)


class Slot(NamedTuple):
    """A gap of a sentence: names by rank, and how often an alias stands for the name (0..1).

    After `names` come all other concepts of the type whose parent in the dictionary is one of
    `rest`, in its order, except those `barred`.
    """

    type: EntityType
    names: tuple[str, ...]
    alias_share: float = 0.0
    rest: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()


def words(text: str) -> tuple[str, ...]:
    """The words of a list written as one text."""
    return tuple(text.split())


_T = EntityType
MAIN = Slot(_T.DISEASE, ("类风湿关节炎",), 0.18)
SUBTYPES = Slot(
    _T.DISEASE,
    words(
        "血清阳性类风湿关节炎 老年起病类风湿关节炎 血清阴性类风湿关节炎 难治性类风湿关节炎 "
        "早期类风湿关节炎"
    ),
    0.1,
)
#: A disease that did not exist for most of the years.
PANDEMIC = "新型冠状病毒感染"
#: The few records without RA; they must get no rule relation.
OTHER_MAIN = Slot(_T.DISEASE, words("骨关节炎 强直性脊柱炎 痛风性关节炎 未分化关节炎"))

_WEATHER = words(
    "阴雨天 天气变化 寒冷 活动 上下楼梯 负重 下蹲 行走 久坐 起立 夜间 晨起 翻身 关节屈伸 "
    "精细动作 用力 抬臂 弯腰 低头 按压 深呼吸 体位变换"
)

SLOTS: dict[str, Slot] = {
    "joint": Slot(
        _T.BODY_PART,
        words(
            "腕关节 膝关节 近端指间关节 掌指关节 踝关节 手 肩关节 肘关节 跖趾关节 "
            "足 髋关节 颞下颌关节"
        ),
        0.35,
    ),
    "site": Slot(
        _T.BODY_PART,
        words("脊柱 颈部 腹部 胸廓 口腔 咽部 甲状腺 眼 耳 鼻 腰部 下肢 心脏 肺"),
        rest=EVERYTHING,
        barred=words("关节 多关节 四肢关节 大关节 小关节 外周关节 手术切口 麦氏点 腹股沟中点"),
    ),
    "pain": Slot(_T.SYMPTOM, words("肿痛 疼痛 肿胀 酸痛 胀痛"), 0.08),
    "tail": Slot(_T.SYMPTOM, words("关节肿痛 关节痛 肿痛 疼痛"), 0.08),
    "stiff": Slot(_T.SYMPTOM, ("晨僵",), 0.05),
    "systemic": Slot(
        _T.SYMPTOM,
        words(
            "乏力 发热 低热 食欲减退 失眠 体重下降 口干 眼干 麻木 肌痛 消瘦 畏寒 多汗 头晕 盗汗 "
            "心悸 气短 便秘 腹胀 抽筋 精神差 情绪低落 全身疼痛 腰背痛 颈部疼痛"
        ),
        0.15,
    ),
    "function": Slot(
        _T.SYMPTOM,
        words(
            "行走困难 握拳困难 下蹲困难 上下楼梯困难 持物困难 抬举困难 翻身困难 穿衣困难 起立困难 "
            "活动受限 跛行 无法行走 张口困难"
        ),
        0.1,
    ),
    "negative": Slot(
        _T.SYMPTOM,
        words(
            "发热 皮疹 口腔溃疡 脱发 光过敏 咳嗽 胸闷 口干 眼干 腹痛 雷诺现象 咳痰 气短 腹泻 头晕 "
            "恶心 呕吐 黑便 血尿 头痛"
        ),
        rest=EVERYTHING,
        barred=words(
            "疼痛 关节痛 肿痛 关节肿痛 肿胀 关节肿胀 晨僵 僵硬 酸痛 胀痛 不适 自杀念头 身高落后 "
            "剧痛 酸胀 活动受限 手痛 腕痛 膝痛 踝痛 足痛 切口疼痛"
        ),
    ),
    "event": Slot(
        _T.AGGRAVATING_FACTOR,
        words(
            "受凉 劳累 停药 感冒 接触冷水 淋雨 长时间行走 提重物 体力劳动 药物减量 不规律用药 熬夜 "
            "产后 情绪波动 外伤 感染 潮湿 久站 吹风"
        ),
        0.12,
        EVERYTHING,
        (*_WEATHER, *words("炎热 季节 肥胖 咳嗽 平卧 下肢下垂 说话 吞咽 过敏原接触 屈颈")),
    ),
    "weather": Slot(_T.AGGRAVATING_FACTOR, _WEATHER, 0.08),
    "relief": Slot(
        _T.MITIGATION_FACTOR,
        words("休息 活动后 热敷 保暖 卧床休息 温水浸泡 制动 热水泡脚 更换体位 抬高患肢 揉按"),
        0.1,
        EVERYTHING,
        words(
            "产后 妊娠 排便 屏气 咀嚼口香糖 漱口 戒烟 戒酒 减轻体重 湿润空气 进食 揉腹 通风 "
            "物理降温 保持皮肤清洁 避免受凉 避免潮湿 避光 清淡饮食 脱离过敏原 穿宽松衣物 穿宽松鞋 "
            "闭目休息 昏暗环境"
        ),
    ),
    "drug": Slot(
        _T.TREATMENT,
        words(
            "甲氨蝶呤 来氟米特 羟氯喹 泼尼松 雷公藤多苷 柳氮磺吡啶 艾拉莫德 白芍总苷 甲泼尼龙 "
            "依那西普 托珠单抗 阿达木单抗 托法替布 青藤碱 英夫利西单抗 环磷酰胺 硫唑嘌呤 泼尼松龙 "
            "锝[99Tc]亚甲基二膦酸盐 巴瑞替尼 环孢素 他克莫司 地塞米松 尪痹片 沙利度胺 戈利木单抗"
        ),
        0.22,
        words(
            "传统合成改善病情抗风湿药 免疫抑制剂 植物药 生物制剂 肿瘤坏死因子抑制剂 JAK抑制剂 "
            "IL-6受体抑制剂 白介素17抑制剂"
        ),
        words("肿瘤坏死因子抑制剂 IL-6受体抑制剂 白介素17抑制剂"),
    ),
    "nsaid": Slot(
        _T.TREATMENT,
        words(
            "双氯芬酸 塞来昔布 美洛昔康 布洛芬 洛索洛芬 依托考昔 艾瑞昔布 吲哚美辛 尼美舒利 "
            "萘丁美酮 对乙酰氨基酚 去痛片"
        ),
        0.22,
        ("非甾体抗炎药",),
        ("双氯芬酸凝胶",),
    ),
    "analgesic": Slot(
        _T.TREATMENT,
        words("曲马多 氨酚曲马多 普瑞巴林 帕瑞昔布"),
        0.2,
        ("镇痛药",),
        words("可待因 非甾体抗炎药"),
    ),
    "remedy": Slot(
        _T.TREATMENT,
        words("中药 针灸 膏药 物理治疗 推拿 艾灸 拔罐 中药外敷 药酒 独活寄生汤 痹祺胶囊"),
        0.1,
        ("中药",),
        ("中成药",),
    ),
    "therapy": Slot(
        _T.TREATMENT,
        words("功能锻炼 物理治疗 中药熏洗 红外线照射 针灸 蜡疗 超短波治疗 中频脉冲电治疗"),
        0.2,
        ("物理治疗",),
    ),
    "support": Slot(
        _T.TREATMENT,
        words("碳酸钙D3 骨化三醇 叶酸 奥美拉唑 阿法骨化醇 泮托拉唑 维生素D 瑞巴派特"),
        0.1,
        words("抗骨质疏松药 双膦酸盐 钙剂 质子泵抑制剂 胃黏膜保护剂 保肝药"),
        words("双膦酸盐 钙剂"),
    ),
    "operation": Slot(
        _T.TREATMENT,
        words("剖宫产术 阑尾切除术 胆囊切除术 全膝关节置换术 白内障手术 内固定术 子宫切除术"),
        0.2,
        ("手术",),
        words("关节冲洗引流 乳腺癌根治术 胃大部切除术 肠切除术 支气管镜检查术 胸腔穿刺术"),
    ),
    "lab": Slot(
        _T.LAB_TEST,
        words("类风湿因子 抗环瓜氨酸肽抗体 红细胞沉降率 C反应蛋白 抗核抗体 抗角蛋白抗体"),
        0.6,
    ),
    "antibody": Slot(
        _T.LAB_TEST,
        words(
            "类风湿因子 抗环瓜氨酸肽抗体 抗角蛋白抗体 抗核周因子 抗突变型瓜氨酸波形蛋白抗体 "
            "抗RA33抗体"
        ),
        0.5,
    ),
    "check": Slot(
        _T.LAB_TEST,
        words("血常规 肝功能 肾功能 红细胞沉降率 C反应蛋白 尿常规 肝肾功能 血糖 电解质 血脂"),
        0.25,
    ),
    "normal": Slot(
        _T.LAB_TEST,
        words("尿常规 便常规 凝血功能 甲状腺功能 肿瘤标志物 电解质 血糖 血脂 补体 免疫球蛋白"),
        0.2,
        EVERYTHING,
        words(
            "血型 药物浓度 药物基因检测 红细胞沉降率 C反应蛋白 超敏C反应蛋白 类风湿因子 过敏原 "
            "类风湿因子IgM 类风湿因子IgG 类风湿因子IgA 抗环瓜氨酸肽抗体 抗瓜氨酸化蛋白抗体 "
            "风湿三项 新冠病毒核酸"
        ),
    ),
    "imaging": Slot(
        _T.IMAGING_TEST,
        words(
            "手X线 胸部CT 关节超声 骨密度 膝关节X线 手MRI 足X线 心电图 腹部超声 超声心动图 肺功能 "
            "胸部高分辨率CT"
        ),
        0.6,
    ),
    "view": Slot(
        _T.IMAGING_TEST,
        words("心电图 腹部超声 胸部X线 超声心动图 甲状腺超声 下肢血管超声 颈动脉超声"),
        0.3,
        EVERYTHING,
        words("X线检查 CT 磁共振成像 超声检查 增强CT CT三维重建 手X线 手MRI 关节超声 骨密度"),
    ),
    "joint_sign": Slot(
        _T.PHYSICAL_EXAMINATION,
        words(
            "压痛 肿胀 活动受限 皮温升高 屈曲受限 畸形 背伸受限 骨擦感 伸直受限 关节积液 滑膜增厚 "
            "屈曲畸形 发红 关节强直 梭形肿胀 弹响 关节不稳 骨性膨大"
        ),
        0.1,
    ),
    "sign": Slot(
        _T.PHYSICAL_EXAMINATION,
        words("浮髌试验 4字试验 病理征 直腿抬高试验 骨盆挤压试验 类风湿结节 痛风石 水肿 杵状指"),
        rest=EVERYTHING,
        barred=words(
            "压痛 肿胀 活动受限 枕墙距 指地距 胸廓活动度 屈曲受限 伸直受限 舌淡 舌红 舌暗 苔白 "
            "苔白腻 苔黄腻 齿痕舌 身材矮小 消瘦 脊柱活动受限"
        ),
    ),
    "tongue": Slot(_T.PHYSICAL_EXAMINATION, words("苔白 苔白腻 苔黄腻 舌淡 舌红 舌暗 齿痕舌")),
    "denied": Slot(
        _T.DISEASE,
        words("高血压病 糖尿病 冠心病 病毒性肝炎 肺结核 脑血管病 慢性肾脏病 银屑病 消化性溃疡"),
        0.1,
        EVERYTHING,
        (*MAIN.names, *SUBTYPES.names, *words("感染 关节畸形 滑膜炎 休克 甲氨蝶呤中毒"), PANDEMIC),
    ),
    "kin": Slot(
        _T.DISEASE,
        words(
            "类风湿关节炎 高血压病 2型糖尿病 脑梗死 冠心病 恶性肿瘤 强直性脊柱炎 银屑病 痛风 "
            "系统性红斑狼疮 干燥综合征 肺癌 胃癌 肝癌 阿尔茨海默病 骨关节炎"
        ),
        0.1,
    ),
}

#: How the side stands before a joint; most take 双, 左, 右 as they are.
SIDED = {"近端指间关节": "手", "掌指关节": "手", "跖趾关节": "足"}

ONLY_WOMEN = frozenset(
    words(
        "外阴溃疡 月经不调 阴道出血 阴道干涩 妊娠 产后 流产 月经期 绝经 抱孩子 穿高跟鞋 乳腺癌 "
        "宫颈癌 子宫肌瘤 乳腺增生 乳腺结节 卵巢囊肿 阴道炎 绝经期综合征 妊娠期糖尿病 产后抑郁 "
        "自然流产 痛经 子宫内膜异位症 剖宫产术 子宫切除术 子宫肌瘤切除术 输卵管结扎术 乳腺癌根治术 "
        "卵巢囊肿剥除术 乳腺肿物切除术 乳腺超声 妇科超声 宫腔镜 乳房 子宫 外阴"
    )
)
ONLY_MEN = frozenset(words("前列腺增生 前列腺癌 前列腺炎 前列腺超声 前列腺特异性抗原 前列腺"))
