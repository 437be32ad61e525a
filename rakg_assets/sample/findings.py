"""The sentences of examinations and tests, with gaps as in `phrases.py`; words are data.

Belongs here: what is found, and which words of a finding forbid a sentence that calls all sound.
Does not belong here: what is told or done (`phrases.py`), how gaps are filled (`stories.py`).
"""

from __future__ import annotations

VITALS = (
    "T {temperature}℃，P {pulse}次/分，R {breath}次/分，BP {systolic}/{diastolic}mmHg。",
    "T{temperature}℃ P{pulse}次/分 R{breath}次/分 BP{systolic}/{diastolic}mmHg。",
)
#: Told in this order, some of them; `ORGAN_WORDS` in a finding forbid the sentence beside it.
ORGANS = (
    "神志清，精神可，营养中等，查体合作。",
    "全身皮肤黏膜无黄染、皮疹，浅表淋巴结未触及肿大。",
    "双肺呼吸音清，未闻及干湿性啰音。",
    "心率{pulse}次/分，律齐，各瓣膜听诊区未闻及杂音。",
    "心律齐，未闻及病理性杂音。",
    "腹软，无压痛、反跳痛，肝脾肋下未触及。",
    "双下肢无水肿。",
    "生理反射存在，病理反射未引出。",
    "四肢肌力、肌张力正常。",
    "{tongue1}，{fur1}，脉细。",
)
ORGAN_WORDS = (
    *(
        "精神 消瘦 病容 体位 贫血貌 营养 痛苦 表情 苍白 肥胖",
        "皮 疹 紫癜 瘀斑 红斑 淋巴结 黄染 脱屑 水疱",
        "肺 啰音 呼吸音 胸 叩诊",
    ),
    *("心 P2 颈静脉", "心 P2 颈静脉", "腹 肝 脾 胆 脐", "水肿 小腿 下肢"),
    *("征 反射 感觉", "肌力 肌张力 肌肉萎缩", "舌"),
)
SITES = (
    "{site1}、{site2}未见明显异常。",
    "{site1}未见明显异常。",
    "{site1}、{site2}、{site3}查体未见异常。",
    "",
)
SIGNS = (
    "{joint1}、{joint2}肿胀（+）、压痛（+），活动受限。",
    "{joints}压痛（+），{joint1}肿胀，皮温升高。",
    "双手第2、3掌指关节肿胀、压痛（+），{joint2}屈曲受限。",
    "双手近端指间关节梭形肿胀，{joint1}压痛（+）、活动受限。",
    "{joint1}、{joint2}、{joint3}压痛（++），肿胀（+）。",
    "{found5}，{joint1}压痛、肿胀（+）。",
)
DEFORMED = (
    "双手尺侧偏斜。",
    "右手天鹅颈畸形，握拳受限。",
    "双肘伸侧可触及类风湿结节。",
    "左膝浮髌试验（+），骨擦感（+）。",
    "双手纽扣花畸形，双腕背伸受限。",
)
BEARING = ("{bearing1}。",)
FOUND = ("{found1}。", "{found2}（+）。", "{found3}。", "{found4}（+）。")
NEGATIVE_SIGNS = (
    "{sign1}（-），{sign2}（-）。",
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
)
#: `NEGATIVE_WORDS` among what came out ill forbid the sentence beside it.
NEGATIVE_TESTS = (
    "肝肾功能、尿常规未见异常。",
    "乙肝五项、T-SPOT阴性。",
    "ANA、抗ENA抗体阴性。",
    "{normal1}、{normal2}、{normal9}大致正常。",
    "{normal3}、{normal4}、{normal5}未见异常。",
    "{normal6}、{normal7}、{normal8}未见明显异常。",
    "{normal10}、{normal11}正常。",
)
NEGATIVE_WORDS = (
    "肝功能 肾功能 尿 肌酐 生化 转氨酶",
    "乙肝 干扰素 T-SPOT 结核",
    "抗核抗体 抗可提取性核抗原抗体 抗双链DNA抗体",
    *("", "", "", ""),
)
VIEWED = (
    "{view1}、{view2}未见异常。",
    "{view1}未见明显异常。",
    "{view1}、{view2}、{view3}未见异常。",
)
AILING_VIEWS = ("完善{views}检查。", "{views}较前无明显变化。")
ADMITTED_SIGNS = (
    "查体：{joint1}压痛（+）、肿胀（+），{found6}。",
    "查体：{found6}，{joint1}肿胀、压痛（+）。",
    "入院查体：{joint1}、{joint2}压痛（+），{found6}。",
)
