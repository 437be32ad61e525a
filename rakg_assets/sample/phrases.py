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
COMPLAINT_AGAIN = (
    "反复{joints}{pain1}{years}年，再发{days}天。",
    "{joints}{pain1}{years}年，加重{days}天。",
    "多关节{pain1}{years}年，{systemic1}{days}天。",
    "{main}{years}年，要求继续治疗。",
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
    "就诊于外院，查{antibody1}阳性，双手X线提示骨质破坏，诊断“{main}”。",
    "当地诊断为“{main}”，具体不详。",
    "外院查{antibody1}及{antibody2}均阳性，考虑{main}。",
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
LAST_STAY = (
    "{since}前于我科住院，予{last1.dosed}、{last2.dosed}治疗，{tail1}好转出院。",
    "{since}前自我科出院，出院后规律服用{last1.dosed}、{last2.dosed}，{tail1}控制尚可。",
    "{since}前出院后坚持口服{last1}、{last2}，{joint1}{pain1}较前减轻。",
    "{since}前自我科出院，继续服用{last1.dosed}，{tail1}无明显改善。",
)
RECENT_AGAIN = (
    "{days}天前{event4}后{tail1}再发，{relief2}无缓解，为求进一步诊治收入我科。",
    "近{days}天{joints2}{pain1}加重，伴{systemic1}，{function1}。",
    "现为求继续治疗，门诊以“{main}”收住。",
    "近{days}天{weather1}时{joint1}{pain1}明显，门诊以“{main}”收住。",
)

LATER = (
    "近{few}天有{systemic2}、{systemic3}。",
    "伴{systemic2}，{joint3}{pain2}，{function2}。",
    "{weather2}后{joint2}{pain2}明显，{relief2}减轻。",
    "{event5}后出现{systemic2}，未诊治。",
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

PAST_TREATED = (
    "{companion}病史{years2}年，口服{own1.dosed}治疗。",
    "{companion}{years2}年，规律服用{own1}。",
    "患{companion}{years2}年，服{own1}、{own2}。",
)
PAST_LASTING = (
    "{other}病史{other_years}年，未规律治疗。",
    "发现{other}{other_years}年，定期复查。",
    "体检发现{other}{other_years}年，未予特殊治疗。",
)
OPERATED = (
    "{operated}年前行{operation1}。",
    "{operated}年前于外院行{operation1}，术后恢复可。",
)
PAST_DENIED = (
    "否认肝炎、结核等传染病史，否认手术、外伤、输血史。",
    "否认{denied1}、{denied2}、{denied3}病史，否认肝炎、结核等传染病史。",
    "否认{denied1}、{denied2}病史。",
    "否认肝炎、结核病史。",
    "否认{denied1}、{denied2}、{denied3}、{denied4}病史。",
)
ALLERGY = (
    "否认药物及食物过敏史。",
    "否认药物过敏史。",
    "预防接种史不详。",
    "对青霉素过敏。",
    "对磺胺类药物过敏。",
)
PERSONAL = (
    "生于原籍，无疫区居住史，否认烟酒嗜好。",
    "生于原籍，无烟酒嗜好，务农。",
    "久居当地，无工业毒物、粉尘接触史，无烟酒嗜好。",
)
SMOKER = (
    "生于原籍，吸烟{cigarettes}余年，每日10支，偶饮酒。",
    "久居当地，吸烟{cigarettes}余年，每日20支，已戒烟。",
)
MARRIAGE = (
    "适龄结婚，育有1子1女，配偶及子女体健。",
    "已婚，育{children}子，均体健。",
    "适龄婚育，家庭和睦。",
)
MENOPAUSE = ("{menopause}岁绝经，无异常阴道出血。", "已绝经。")
FAMILY = (
    "否认家族遗传病史。",
    "家族中无类似病史。",
    "父母已故，死因不详，否认家族遗传病史。",
    "母亲患{kin1}。",
    "父亲患{kin1}，母亲体健。",
    "一姐患{kin1}，余家人体健。",
)

VITALS = (
    "T {temperature}℃，P {pulse}次/分，R {breath}次/分，BP {systolic}/{diastolic}mmHg。",
    "T{temperature}℃ P{pulse}次/分 R{breath}次/分 BP{systolic}/{diastolic}mmHg。",
)
#: Told in this order, some of them.
ORGANS = (
    "神志清，精神可，营养中等，查体合作。",
    "全身皮肤黏膜无黄染、皮疹，浅表淋巴结未触及肿大。",
    "双肺呼吸音清，未闻及干湿性啰音。",
    "心率{pulse}次/分，律齐，各瓣膜听诊区未闻及杂音。",
    "心律齐，未闻及病理性杂音。",
    "腹软，无压痛、反跳痛，肝脾肋下未触及。",
    "双下肢无水肿。",
    "生理反射存在，病理反射未引出。",
    "舌脉：{tongue1}，脉细。",
)
SITES = (
    "{site1}、{site2}未见明显异常。",
    "{site1}未见明显异常。",
    "{site1}、{site2}、{site3}查体未见异常。",
    "",
)
LUNG = "双下肺可闻及Velcro啰音。"
SIGNS = (
    "{joint1}、{joint2}肿胀（+）、压痛（+），活动受限。",
    "{joints}压痛（+），{joint1}肿胀，皮温升高。",
    "双手第2、3掌指关节肿胀、压痛（+），{joint2}屈曲受限。",
    "双手近端指间关节梭形肿胀，{joint1}压痛（+）、活动受限。",
    "{joint1}、{joint2}、{joint3}压痛（++），肿胀（+）。",
    "{joint1}{joint_sign1}、{joint_sign2}，{joint2}{joint_sign3}。",
)
DEFORMED = (
    "双手尺侧偏斜。",
    "右手天鹅颈畸形，握拳受限。",
    "双肘伸侧可触及类风湿结节。",
    "左膝浮髌试验（+），骨擦感（+）。",
    "双手纽扣花畸形，{joint2}背伸受限。",
    "{joint3}{joint_sign4}（+），{joint_sign5}（-）。",
    "{joint1}{joint_sign2}（+）。",
)
NEGATIVE_SIGNS = (
    "{sign1}（-），{sign2}（-）。",
    "四肢肌力、肌张力正常。",
    "未见{sign1}。",
    "",
    "{sign1}（-）。",
)

IMAGING = (
    "双手X线：双腕关节间隙狭窄，骨质疏松。",
    "{joint1}超声：{joint1}滑膜增生，{joint2}滑膜炎。",
    "胸部CT：双肺纹理增多。",
    "{joint2}X线：关节间隙变窄，骨质增生。",
    "骨密度：T值-{score}，骨质疏松。",
    "心电图：窦性心律。",
    "腹部彩超：肝胆胰脾未见异常。",
    "{joint1}MRI：骨髓水肿，滑膜炎，腱鞘炎。",
    "{view1}未见明显异常。",
    "{view2}、{view3}未见异常。",
)
NEGATIVE_TESTS = (
    "肝肾功能、尿常规未见异常。",
    "乙肝五项、T-SPOT阴性。",
    "ANA、抗ENA抗体阴性。",
    "{normal1}、{normal2}大致正常。",
    "{normal3}、{normal4}、{normal5}未见异常。",
    "{normal6}未见明显异常。",
)
ILL_IMAGING = "胸部HRCT：双下肺网格影，间质性肺炎。"

ADMITTED = (
    "患者因“{joints}{pain1}{years}年，加重{days}天”入院。",
    "因{joints}{pain1}{years}年入院。",
    "因{joints}{pain1}收入院。",
)
ADMITTED_SIGNS = (
    "查体：{joint1}{joint_sign1}（+）、{joint_sign2}（+），{joint2}{joint_sign3}（+）。",
    "查体：T {temperature}℃，BP {systolic}/{diastolic}mmHg，{joint1}肿胀、压痛（+）。",
    "入院查体：{joint1}、{joint2}压痛（+），{joint3}{joint_sign4}。",
)
WORKUP = (
    "入院后完善{check1}、{check2}、{imaging2}等检查。",
    "入院完善相关检查，{normal7}、{normal8}未见明显异常。",
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
    "疼痛剧烈时予{analgesic1}止痛，{pain1}缓解。",
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
