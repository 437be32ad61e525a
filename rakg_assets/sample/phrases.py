"""The sentences of generated records, with gaps; words are data.

A gap `{drug1}` is filled with a term of the slot `drug` (`terms.py`), the same one wherever
`drug1` stands in the record, another one for `drug2`; `{drug1.dosed}` adds a dose; `{joints}` is
a chain of sites; `{years}` and the like are numbers. Does not belong here: how gaps are filled.
"""

from __future__ import annotations

COMPLAINT = (
    "{joints}{pain1}{years}年，加重{weeks}周。",
    "反复{joints}{pain1}{years}年，再发{months}月。",
    "{joints}{pain1}伴{stiff1}{years}年余，加重{days}天。",
    "多关节{pain1}{years}年，{systemic1}{weeks}周。",
    "四肢关节{pain1}{years}年，{function1}{months}月。",
    "关节肿痛{years}年，加重伴{systemic1}{weeks}周",
)

ONSET = (
    "患者{years}年前无明显诱因出现{joints}对称性{pain1}，伴{stiff1}，持续约{hours}小时，{relief1}减轻。",
    "{years}年前{event1}后出现{joints}{pain1}，伴{stiff1}约{minutes}分钟，渐累及{joint8}。",
    "患者于{years}年前出现{joints}{pain1}，{weather1}时加重，{relief1}可缓解，晨僵约{hours}小时。",
    "{years}年来反复{joints}{pain1}，{weather1}时明显，{relief1}可减轻，未予重视。",
    "缘于{years}年前{event1}后出现{joints}{pain1}，伴{stiff1}、{systemic1}，{function1}。",
    "{years}年前渐起{joints}{pain1}，为持续性，活动后晨僵可减轻，{event1}后疼痛加重。",
)

DIAGNOSED = (
    "于当地医院查{lab1}、{lab2}升高，诊断为“{main}”。",
    "就诊于外院，查{lab1}阳性，双手X线提示骨质破坏，诊断“{main}”。",
    "当地诊断为“{main}”，具体不详。",
    "外院查{lab1}及{lab2}均阳性，考虑{main}。",
    "",
)

HELPED = (
    "予{drug1.dosed}、{drug2.dosed}口服后{tail1}好转。",
    "口服{drug1}联合{nsaid1}治疗，{tail1}明显减轻。",
    "予{drug1.dosed}治疗后{joint1}{pain1}缓解，晨僵时间缩短。",
    "服用{drug1}、{drug2}后{tail1}控制尚可。",
    "加用{drug1.dosed}后{joint1}、{joint2}{pain1}较前减轻。",
    "服{nsaid1}后{tail1}可缓解。",
    "行关节腔注射后{joint1}{pain1}好转。",
    "予{drug1}及{remedy1}治疗，{tail1}减轻。",
)

FAILED = (
    "自服{nsaid2}后{tail2}无明显改善。",
    "间断服用{drug3}，{tail2}控制不佳。",
    "先后予{drug3}、{drug4}治疗，{tail2}仍反复发作。",
    "曾行{remedy1}治疗，{tail2}无好转。",
    "口服{nsaid2}{weeks}周，{joint1}{pain1}无缓解。",
    "服用{drug3}后{tail2}改善不明显，自行停药。",
    "予{nsaid2}、{remedy1}治疗，{joint2}{pain1}无明显好转。",
)

COURSE = (
    "{event2}后{tail1}加重，{relief2}减轻。",
    "{weather2}时{joint1}{pain1}明显，{relief2}可缓解。",
    "每遇{event2}、{event3}后{tail1}反复。",
    "此后{tail1}于{event2}后反复发作，{relief2}稍减轻。",
    "{weather1}、{weather2}时疼痛加重。",
)

RECENT = (
    "{months}月前{event4}后{joints2}{pain1}加重，伴{systemic1}，{function1}。",
    "{weeks}周前自行停药后{tail1}加重，晨僵延长至{hours}小时，遂来就诊。",
    "{days}天前{event4}后上述关节{pain1}再发，{relief2}无缓解，为求进一步诊治收入我科。",
    "近{weeks}周{joint1}{pain1}加重，{function1}，夜间痛醒，门诊以“{main}”收住。",
    "{months}月来{joints2}{pain1}逐渐加重，{weather1}时明显，为系统诊治来我院。",
)

DENIED = (
    "病程中无{negative1}、{negative2}、{negative3}。",
    "无{negative1}、{negative2}，无{negative3}、{negative4}。",
    "否认{negative1}、{negative2}及{negative3}。",
)

GENERAL = (
    "发病以来精神可，睡眠尚可，二便正常，体重无明显变化。",
    "病程中精神、饮食可，大小便正常。",
    "近期食欲可，夜眠欠佳，二便如常。",
    "",
)

PAST_NONE = (
    "否认高血压病、糖尿病、冠心病病史，否认肝炎、结核等传染病史，否认手术、外伤史，否认药物过敏史。",
    "既往体健，否认肝炎、结核病史，否认药物及食物过敏史。",
)
PAST_UNTOLD = ("否认肝炎、结核等传染病史，否认手术、外伤、输血史，否认药物过敏史。",)
PAST_WITH = (
    "{companion}病史{years2}年，口服{own1.dosed}治疗。否认肝炎、结核病史，否认药物过敏史。",
    "{companion}{years2}年，规律服用{own1}。否认糖尿病，否认外伤史。",
    "患{companion}{years2}年，服{own1}、{own2}。对青霉素过敏。",
)
PERSONAL = (
    "生于原籍，无疫区居住史，否认烟酒嗜好。",
    "吸烟{cigarettes}年，每日10支，偶饮酒。",
    "无烟酒嗜好，务农。",
)
MARRIAGE = (
    "适龄结婚，育有1子1女，配偶及子女体健。",
    "已婚，育{children}子，均体健。",
    "{menopause}岁绝经，无异常阴道出血。",
)
FAMILY = (
    "否认家族遗传病史。",
    "母亲患类风湿关节炎。",
    "父亲患高血压病，母亲体健。",
    "家族中无类似病史。",
)

VITALS = (
    "T {temperature}℃，P {pulse}次/分，R {breath}次/分，BP {systolic}/{diastolic}mmHg。",
    "T{temperature}℃ P{pulse}次/分 R{breath}次/分 BP{systolic}/{diastolic}mmHg。",
)
NORMAL = (
    "神志清，精神可，全身皮肤黏膜无黄染，浅表淋巴结未触及肿大。双肺呼吸音清，未闻及干湿性啰音。",
    "发育正常，营养中等，全身皮肤无皮疹，双肺未闻及干湿啰音，心律齐。腹软，无压痛、反跳痛。",
    "皮肤巩膜无黄染，双肺呼吸音清，心率{pulse}次/分，律齐，各瓣膜区未闻及杂音，双下肢无水肿。",
)
LUNG = "双下肺可闻及Velcro啰音。"
SIGNS = (
    "{joint1}、{joint2}肿胀（+）、压痛（+），活动受限。",
    "{joints}压痛（+），{joint1}肿胀，皮温升高。",
    "双手第2、3掌指关节肿胀、压痛（+），{joint2}屈曲受限。",
    "双手近端指间关节梭形肿胀，{joint1}压痛（+）、活动受限。",
    "{joint1}、{joint2}、{joint3}压痛（++），肿胀（+）。",
)
DEFORMED = (
    "双手尺侧偏斜。",
    "右手天鹅颈畸形，握拳受限。",
    "双肘伸侧可触及类风湿结节。",
    "左膝浮髌试验（+），骨擦感（+）。",
    "双手纽扣花畸形，双腕关节背伸受限。",
    "双下肢无水肿，病理征未引出。",
    "四肢肌力、肌张力正常，“4”字试验（-）。",
)

IMAGING = (
    "双手X线：双腕关节间隙狭窄，骨质疏松。",
    "关节超声：双腕滑膜增生，滑膜炎。",
    "胸部CT：双肺纹理增多。",
    "双膝X线：关节间隙变窄，骨质增生。",
    "骨密度：T值-{score}，骨质疏松。",
    "心电图：窦性心律。",
    "腹部彩超：肝胆胰脾未见异常。",
    "双手MRI：双腕骨髓水肿，滑膜炎，腱鞘炎。",
)
NEGATIVE_TESTS = (
    "肝肾功能、尿常规未见异常。",
    "乙肝五项、T-SPOT阴性。",
    "ANA、抗ENA抗体阴性。",
    "抗核抗体1:100，抗dsDNA抗体阴性，补体正常。",
    "",
)
ILL_IMAGING = "胸部HRCT：双下肺网格影，间质性肺炎。"

ADMITTED = (
    "患者因“{joints}{pain1}{years}年，加重{weeks}周”入院。",
    "{joints}{pain1}{years}年入院。查体：{joint1}肿胀、压痛（+）。",
    "因{joints}{pain1}收入院。入院查体：{joint1}、{joint2}压痛（+）。",
)
WORKUP = (
    "入院后完善{check1}、{check2}、{imaging2}等检查。",
    "入院完善相关检查，{check1}、{check2}未见明显异常。",
    "入院后查{lab1}、{lab2}升高，诊断{main}明确。",
)
TREATED = (
    "予{drug5.dosed}、{drug6.dosed}及{nsaid3.dosed}治疗，{joints2}{pain1}好转。",
    "给予{drug5.dosed}联合{drug6.dosed}，{support1}、{support2}口服，{tail1}明显减轻。",
    "予{drug5}、{nsaid3}抗炎止痛，{joint1}、{joint2}{pain1}缓解。",
    "予{drug5.dosed}治疗{days}天，{joint1}{pain1}、晨僵减轻。",
    "予{nsaid3.dosed}后{tail1}无明显缓解，加用{drug5.dosed}后{tail1}好转。",
    "调整为{drug5.dosed}、{drug6.dosed}，{tail1}较前减轻。",
)
ADDED = (
    "辅以{therapy1}，{joint1}{pain1}减轻。",
    "行{joint1}关节腔注射复方倍他米松，{joint1}{pain1}明显减轻。",
    "予{therapy1}、{therapy2}治疗，关节活动改善。",
    "同时予{support1}、{support2}。",
    "",
)
OWN_TREATED = (
    "予{own1.dosed}、{own2}治疗，{ill1}好转。",
    "继续{own1}口服。",
    "{companion}予{own1}治疗，{ill1}减轻。",
    "予{own1}治疗后{ill1}无明显改善，加用{own2}后{ill1}缓解。",
)
OWN_TREATED_SILENT = ("继续{own1.dosed}口服。", "{companion}予{own1}治疗。")
LEFT = (
    "患者病情好转，准予出院。",
    "好转出院。",
    "经治疗病情平稳，请示上级医师后同意出院。",
)

OUTCOME = (
    "{joints2}{pain1}减轻，晨僵约{few}分钟。",
    "{tail1}较入院时好转，无发热、咳嗽。",
    "{joint1}{pain1}缓解，{joint1}肿胀（±）、压痛（±）。",
    "精神可，{joint1}、{joint2}{pain1}好转，{joint1}压痛（-）。",
)
ADVICE = (
    "避免{event1}、{event2}，注意保暖、休息；",
    "注意休息，避免受凉、劳累，坚持功能锻炼；",
    "低盐低脂饮食，避免感染，适当功能锻炼；",
)
PRESCRIBED = (
    "{drug5.dosed}，{drug6.dosed}，叶酸5mg qw；",
    "{drug5.dosed}口服，{nsaid3.dosed}，{support1.dosed}；",
    "继续{drug5.dosed}、{drug6.dosed}，{support1}、{support2}；",
)
FOLLOW_UP = (
    "{weeks}周后复查{check1}、{check2}、{check3}，风湿科门诊随诊。",
    "1月后复查血常规、肝肾功能、血沉，不适随诊。",
    "定期复查{check1}、{check2}。",
)

#: Numbers: inclusive ranges; a real range is told with one decimal.
RANGES: dict[str, tuple[float, float]] = {
    "years": (1, 30),
    "years2": (2, 18),
    "months": (2, 6),
    "weeks": (2, 6),
    "days": (5, 20),
    "hours": (1, 3),
    "minutes": (20, 90),
    "few": (5, 20),
    "cigarettes": (10, 40),
    "children": (1, 3),
    "menopause": (45, 54),
    "temperature": (36.2, 37.4),
    "score": (2.5, 4.2),
    "pulse": (64, 98),
    "breath": (17, 21),
    "systolic": (108, 158),
    "diastolic": (62, 94),
}
