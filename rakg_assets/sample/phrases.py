"""The sentences of generated records, with gaps; words are data.

A gap `{drug1}` is filled with a term of the slot `drug` (`terms.py`), the same one wherever
`drug1` stands in the record, another one for `drug2`; `{drug1.dosed}` adds a dose. `{joints}`,
`{hurts1}`, `{eases1}` are chains, `{ache1}` and `{found1}` sites with what is felt or found there,
`{years}` and the like numbers. Does not belong here: how gaps are filled.
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
    "予{drug1.dosed}、{drug2.dosed}口服后{hurts1}好转。",
    "口服{drug1}联合{nsaid1}治疗，{hurts1}明显减轻。",
    "予{drug1.dosed}治疗后{joint1}{pain1}缓解，晨僵时间缩短。",
    "服用{drug1}、{drug2}后{hurts1}控制尚可。",
    "加用{drug1}、{drug7}后{joint1}、{joint2}{pain1}较前减轻。",
    "服{nsaid1}、{nsaid4}后{hurts2}可缓解。",
    "行关节腔注射后{joint1}{pain1}好转。",
    "予{drug1}及{remedy1}治疗，{hurts1}减轻。",
    "经{therapy1}、{therapy3}治疗后{hurts2}减轻。",
    "服{remedy1}、{remedy3}后{hurts2}好转。",
)

FAILED = (
    "自服{nsaid2}后{hurts2}无明显改善。",
    "间断服用{drug3}、{drug8}，{hurts2}控制不佳。",
    "先后予{drug3}、{drug4}治疗，{hurts2}仍反复发作。",
    "曾行{remedy1}、{remedy2}治疗，{hurts2}无好转。",
    "口服{nsaid2}{weeks}周，{joint1}{pain1}无缓解。",
    "服用{drug3}后{hurts2}改善不明显，自行停药。",
    "予{nsaid2}、{remedy2}治疗，{hurts3}无明显好转。",
    "经{therapy2}、{therapy4}治疗，{hurts3}无缓解。",
)

COURSE = (
    "{event2}、{event6}后{hurts1}加重，{eases1}减轻。",
    "{weather2}时{joint1}{pain1}明显，{relief2}可缓解。",
    "每遇{event2}、{event3}后{hurts3}反复。",
    "此后{hurts3}于{event2}后反复发作，{eases1}稍减轻。",
    "{weather1}、{weather2}时{hurts1}加重，{eases1}缓解。",
    "{ache1}，{event2}后加重，{eases1}减轻。",
    "{weather2}、{weather3}时{ache1}，{eases1}可缓解。",
)

#: What is told of other sites, the same at every stay.
ACHES = (
    "伴{ache2}，{ache3}。",
    "{ache2}，{weather3}时明显。",
    "渐出现{ache2}，{ache3}。",
    "另有{ache2}，{event7}后加重。",
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
    "伴{systemic2}，{ache4}，{function2}。",
    "{weather2}后{ache4}，{relief2}减轻。",
    "{event5}后出现{systemic2}、{systemic3}。",
    "{ache4}，{weather4}时加重。",
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

#: Of a companion disease; what it is treated with need not be swallowed.
AILING_PAST = (
    "{companion}病史{ill_years}年；经{owns}治疗，{ills}减轻，{companion}控制尚可。",
    "患{companion}{ill_years}年；予{owns}治疗后{ills}好转。",
    "{companion}{ill_years}年；{owns}治疗，{companion}控制平稳，{ills}缓解。",
    "{companion}病史{ill_years}年；先予{failed}治疗，{ills}无明显改善，改予{owns}后{ills}好转。",
    "{companion}{ill_years}年；曾予{failed}治疗，{companion}控制不佳，{ills}无缓解。",
)
AILING_FELT = (
    "{triggers}时{ills}加重，{eases}减轻。",
    "{triggers}时出现{ills}，{eases}可缓解。",
)
AILING_LATELY = (
    "近{few}天{triggers}后出现{ills}，{eases}稍减轻。",
    "{few}天前{triggers}后{ills}，{eases}稍缓解。",
)
AILING_LASTING = (
    "予{owns}治疗，{ills}减轻，{companion}控制平稳。",
    "{companion}予{owns}治疗，{ills}好转。",
    "予{failed}后{ills}无明显改善，加用{owns}后{ills}缓解。",
)
AILING_PASSING = (
    "予{owns}治疗，{ills}减轻，{companion}好转。",
    "{companion}予{owns}治疗，{ills}好转。",
    "予{failed}后{ills}无明显改善，改予{owns}后{ills}缓解，{companion}好转。",
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
    "否认食物、药物过敏史。",
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

ADMITTED = (
    "患者因“{joints}{pain1}{years}年，加重{days}天”入院。",
    "因{joints}{pain1}{years}年入院。",
    "因{joints}{pain1}收入院。",
)
WORKUP = (
    "入院后完善{check1}、{check2}、{imaging2}等检查。",
    "入院完善相关检查，{normal12}、{normal13}未见明显异常。",
    "入院后查{lab1}、{lab2}升高，诊断{main}明确。",
)
TREATED = (
    "予{drug5.dosed}、{drug6.dosed}及{nsaid3.dosed}治疗，{hurts4}好转。",
    "给予{drug5.dosed}联合{drug6.dosed}，{support1}、{support2}口服，{hurts4}明显减轻。",
    "予{drug5}、{nsaid3}抗炎止痛，{hurts4}缓解。",
    "予{drug5.dosed}治疗{days}天，{joint1}{pain1}、晨僵减轻。",
    "予{nsaid3.dosed}后{tail1}无明显缓解，加用{drug5.dosed}后{hurts4}好转。",
    "调整为{drug5.dosed}、{drug6.dosed}，{hurts4}较前减轻。",
)
ADDED = (
    "辅以{therapy1}、{therapy5}，{hurts5}减轻。",
    "行{joint1}关节腔注射复方倍他米松，{joint1}{pain1}明显减轻。",
    "予{therapy1}、{therapy2}治疗，{hurts5}改善。",
    "同时予{support1}、{support2}。",
    "予{remedy4}、{remedy5}后{hurts5}缓解。",
    "疼痛剧烈时予{analgesic1}止痛，{pain1}缓解。",
)
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
    "避免{avoid1}、{avoid2}，注意保暖、休息；",
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
