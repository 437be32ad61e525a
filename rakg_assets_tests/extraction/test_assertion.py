"""Assertion: every case is a marked sentence; a mark without !assertion is present."""

import time
from pathlib import Path

import pytest

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.ontology.markup import parse_markup

DICTIONARIES = Path(__file__).parents[2] / "dictionaries"

CASES = {
    "现病史": """
无{a:symptom!absent|发热}、{b:symptom!absent|咳嗽}、{c:symptom!absent|胸痛}，{d:symptom|纳差}明显。
无{a:symptom!absent|尿频}{b:symptom!absent|尿痛}，无{c:symptom!absent|皮疹}，食纳可。
无明显诱因出现{a:body_part|双膝}{b:symptom|肿痛}，{c:treatment|布洛芬}口服无明显缓解。
{a:treatment|甲氨蝶呤}无效，加用{b:treatment|来氟米特}后{c:symptom|肿痛}好转。
{a:symptom|咳嗽}无好转且出现{b:symptom|水疱}。
{a:mitigation_factor|休息}后{b:symptom|疼痛}不缓解，与{c:aggravating_factor!absent|天气变化}无关。
未用{a:treatment!absent|甲氨蝶呤}（患者有{b:disease|肺结核}史，担心复发）。
拒绝{a:treatment!absent|生物制剂}，未规律服{b:treatment|钙片}，不再使用{c:treatment|来氟米特}。
按“{a:disease!possible|风湿性多肌痛}？”予{b:treatment|泼尼松}，{c:symptom|发热}减退。
以“{a:disease|类风湿关节炎}、{b:disease!possible|肺炎}？”收入院。
考虑{a:disease!possible|痛风}、{b:disease!possible|骨关节炎}，予{c:treatment|秋水仙碱}。
考虑与{a:treatment|激素}有关，必要时{b:treatment!possible|利妥昔单抗}。
{a:treatment!possible|利妥昔单抗}必要时考虑；不考虑{b:disease!absent|痛风}可能。
{a:symptom|低热}消失，未再出现{b:symptom!absent|皮疹}，{c:symptom!absent|发热}没有。
不能排除{a:disease!possible|结核}，已除外{b:disease!absent|肺炎}，不支持{c:disease!absent|感染}。
母亲患{a:disease!family|类风湿关节炎}，患者无{b:disease!absent|痛风}。
关节不{a:symptom!absent|红}、{b:symptom!absent|热}。
未现明显{a:symptom!absent|腹痛}、{b:symptom!absent|腹胀}，未述{c:symptom!absent|头晕}。
(-){a:symptom!absent|发热}，(-){b:symptom!absent|咯血}；{c:lab_test|ANA}(-)，{d:symptom|皮疹}。
□{a:symptom!absent|发热} □{b:symptom!absent|皮疹} ■{c:symptom|口干} {d:symptom!absent|手抖}☐
未及时就诊，{a:symptom|肿痛}加重；行走自如，{b:symptom|晨僵}缓解。
""",
    "既往史": """
否认{a:disease!absent|肝炎}、{b:disease!absent|结核}等传染病史，{c:disease|高血压病}10年。
否认{a:disease!absent|肝炎}，{b:disease!absent|结核}，{c:disease!absent|伤寒}病史。
否认{a:treatment!absent|手术}、{b:aggravating_factor!absent|外伤}、{c:treatment!absent|输血}史。
{a:treatment!absent|青霉素}皮试阴性，{b:treatment!absent|磺胺}不过敏；{c:treatment|头孢}过敏。
{a:disease!absent|高血压}：■否　{b:disease!absent|糖尿病}否，过敏：□无 ■{c:treatment|头孢克洛}。
{a:treatment!absent|手术}史：无；{b:disease!absent|糖尿病}（-），{c:disease!absent|冠心病}否认。
否认{a:treatment!absent|青霉素}、{b:treatment!absent|磺胺}过敏；{c:treatment|头孢}过敏（{d:symptom|皮疹}）。
""",
    "家族史": """
父亲{a:disease!family|肺癌}，母亲{b:disease!family|高血压}；兄{c:disease!family|痛风}待查。
父母、兄妹均无{a:disease!absent|类风湿关节炎}等病史。
否认家族{a:disease!absent|风湿免疫病}史。
其妻曾患{a:disease!family|肺结核}，岳父{b:disease!family|痛风}。
""",
    "体格检查": """
{a:body_part|双膝}{b:physical_examination!absent|肿胀}、{c:physical_examination!absent|压痛}（-）。
{a:body_part|双腕}{b:physical_examination|压痛}（+）、{c:physical_examination!absent|肿胀}（-）。
{a:body_part|左膝}{b:physical_examination|浮髌试验}（±），{c:body_part|双踝}未见{d:physical_examination!absent|肿胀}。
{a:body_part|双肺}{b:physical_examination!absent|干湿啰音}未闻及，{c:physical_examination!absent|病理征}阴性。
{a:physical_examination|压痛}1+、{b:physical_examination!absent|肿胀}0；{c:physical_examination!absent|皮疹}□
{a:body_part|腹}软，无{b:physical_examination!absent|压痛}及{c:physical_examination!absent|反跳痛}。
{a:body_part|浅表淋巴结}未触及{b:physical_examination!absent|肿大}，未{c:physical_examination!absent|破溃}。
{a:physical_examination!absent|肿大}{b:body_part|淋巴结}未触及。
""",
    "辅助检查": """
{a:lab_test|抗CCP抗体}（-），{b:lab_test|类风湿因子}阴性，{c:imaging_test|胸部CT}未见异常。
{a:imaging_test|下肢静脉超声}：未见{b:disease!absent|血栓}，{c:imaging_test|胸片}示{d:disease!possible|肺炎}可能。
未查{a:lab_test!absent|血沉}，复查{b:lab_test|血常规}。
ESR-CRP见前.无{a:disease!absent|骨折}.{b:lab_test|血常规}正常
""",
    "初步诊断": """
1.{a:disease|类风湿关节炎} {b:disease!possible|类风湿血管炎}？ 2.{c:disease|骨质疏松症}
1.{a:disease|干燥综合征} 2.{b:disease!possible|肺部感染}待排
1.{a:disease!possible|类风湿关节炎}可能 2.{b:disease|冠心病} {c:treatment|PCI术}后
""",
    "出院医嘱": """
避免{a:aggravating_factor|受凉}，注意{b:mitigation_factor|休息}，复查{c:lab_test|血常规}；如有{d:symptom!possible|发热}随诊。
若{a:body_part|右下肢}{b:symptom!possible|麻木}加重或如{c:symptom!possible|发热}及时就诊。
出现{a:body_part|右膝}{b:symptom!possible|肿痛}、{c:symptom!possible|发热}及时就诊。
{a:treatment!possible|洛索洛芬钠}60mg 必要时服。
禁{b:treatment!absent|消炎痛}、{c:treatment!absent|炎痛喜康}。
{a:treatment!absent|类克}不再使用；忌{b:treatment!absent|吲哚美辛}；低盐，忌酒；{c:treatment|钙片}。
建议患者行{a:treatment!possible|滑膜切除术}，患者考虑中。
建议{b:treatment!possible|人工关节置换术}；择期行{c:imaging_test|骨密度}；{d:treatment!absent|NSAIDs}禁用。
""",
    "诊疗经过": """
考虑{a:treatment|羟氯喹}所致，停之；{b:treatment!absent|布洛芬}因{c:lab_test|肾功}不用。
无法行{a:treatment!absent|肝叶切除术}，排除禁忌后予{b:treatment|奥沙利铂}；未形成{c:disease!absent|肠梗阻}。
呼吸科会诊：不支持{a:disease!absent|肺部感染}，建议{b:treatment|激素}治疗。
""",
}
SENTENCES = [
    (section, line) for section, text in CASES.items() for line in text.split("\n") if line
]


@pytest.fixture(scope="module")
def rules() -> AssertionRules:
    return AssertionRules.load(DICTIONARIES)


@pytest.mark.parametrize(("section", "sentence"), SENTENCES)
def test_a_marked_sentence(rules, section, sentence):
    marked = parse_markup(f"#RECORD id=x\n##病历\n###{section}\n{sentence}").sections[0]
    bare = tuple(
        Entity(m.start, m.end, m.label, marked.text[m.start : m.end]) for m in marked.marks
    )
    document = Document("x", marked.text, marked.note, marked.section, bare)
    found = [(e.text, e.assertion) for e in rules.classify(document).entities]
    assert found == [(marked.text[m.start : m.end], m.assertion) for m in marked.marks]


def test_a_line_break_ends_what_a_sign_speaks_of(rules):
    text = "满月脸\n压痛\n水肿(-)\n- 痛风\n- 肺炎"
    mentions = [
        ("满月脸", "symptom"),
        ("压痛", "symptom"),
        ("水肿", "symptom"),
        ("痛风", "disease"),
    ]
    entities = tuple(Entity(text.index(m), text.index(m) + len(m), t, m) for m, t in mentions)
    found = rules.classify(Document("x", text, entities=entities)).entities
    assert [e.assertion for e in found] == ["present", "present", "absent", "present"]


def test_order_and_all_else_of_a_document_stay(rules):
    entities = (Entity(3, 5, "symptom", "咳嗽", score=0.5), Entity(1, 3, "symptom", "发热"))
    document = Document("x", "无发热咳嗽", "入院记录", "现病史", entities)
    classified = rules.classify(document)
    assert [(e.start, e.score, e.assertion) for e in classified.entities] == [
        (3, 0.5, "absent"),
        (1, 1.0, "absent"),
    ]
    assert (classified.text, classified.section) == (document.text, document.section)


def test_full_width_and_half_width_signs_are_the_same(rules):
    for sign in ("(-)", "（-）", "（－）", "（—）", "（–）"):
        document = Document("x", f"压痛{sign}", entities=(Entity(0, 2, "symptom", "压痛"),))
        assert rules.classify(document).entities[0].assertion == "absent"


def test_no_entities_and_empty_text(rules):
    assert rules.classify(Document("x", "")).entities == ()
    assert rules.classify(Document("x", "无")).entities == ()


def test_a_long_text_without_stops_takes_linear_time(rules):
    text = "无发热" * 5_000
    entities = tuple(Entity(i + 1, i + 3, "symptom", "发热") for i in range(0, len(text), 3))
    started = time.process_time()
    classified = rules.classify(Document("x", text, entities=entities))
    assert time.process_time() - started < 5
    assert {entity.assertion for entity in classified.entities} == {"absent"}
