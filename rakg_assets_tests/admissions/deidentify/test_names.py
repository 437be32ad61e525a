"""Names: found by field, cue and title; words that only look like names stay."""

import pytest

from rakg_assets.admissions.deidentify import mask_record
from rakg_assets_tests.admissions.deidentify.marked import bare, expected, masked

FOUND = """
姓名：【闻人素】　性别：女　年龄：47岁
姓　名：【王 小 明】　性别：男
姓名　【李红】　女　47岁
姓名|【葛某某】|性别|男
患者姓名：【阿依古丽·买买提】
姓名：【Wang Xiaoming】 性别：男
患者【闻人素】，女，54岁，5年前出现双腕肿痛
患者【于明】，男，65岁
患者【阿依古丽·买买提】，女，60岁
患者【王小明】因关节肿痛于2018年入院
【昌若兰】，女，63岁，因关节肿痛入院
医师签名：【郁离山】/【闻人素】
主治医师：【张三】　住院医师：【欧阳静】
主任医师【李四】查房示：病情平稳
【王】主任查房，【李】医生、【张】护士长在场
请骨科【王磊】副主任医师会诊
其子【王强】签字，家属【刘芳】要求出院，其女【李红】陪同
陪同者：儿子【王强】
由其女儿【王芳】代述病史
联系人：【王强】（之子）
联系人及电话：【王强】 【15400001234】
管床医生【赵敏】，责任护士【钱多多】已宣教
签名：【郁离山】 【闻人素】
（签名）【郁离山】，签名人：【郁离山】
2019年8月6日　【郁离山】主任医师查房记录，经【郁离山】、【闻人素】医师讨论
【王小明】主任医师查房，预约【郁离山】主任门诊
参加人员：【王小明】、【郁离山】、【昌若兰】
父【王大川】，母【李秀英】，均体健
父亲【王大川】健在，其母【李秀英】患高血压，其姐【昌若兰】因脑梗去世
姓名：【闻 人 素】性别：女
姓名【闻人素】性别女年龄47岁
【闻人素】（女，54岁，退休）
【12床】　【闻人素】
【郁离山】/【昌若兰】 2019-08-16
姓名：【闻人素】（【Wen Rensu】）
Patient Name: 【ZHANG San】 Sex: M
患者【Zhang San】，男，54岁，Dr. 【Wang】查看
姓名拼音：【wen rensu】
家属联系方式：【伍听风】【15400001234】
"""

KEPT = """
患者于2天前无明显诱因发热，患者高热，患者时有咳嗽，患者方来就诊
患者老年女性，患者中年男性，患者平素体健，患者单侧膝关节肿胀
病史陈述者：患者本人及家属，可靠
母亲：高血压，父亲：健在，其子宫后位，其母患类风湿关节炎
主任医师查房示：继续治疗；上级医师查房后指示；全科医师讨论
医师建议手术，家属要求出院，患者同意签字，谢谢医生，由主管医师随诊
霍夫曼征（-），雷诺现象，费城染色体，白芍总苷、乌头汤、雷公藤多苷、黄芪、石斛
患者康复，患者安静，患者黄染，患者强直，患者温热，患者关节肿痛
医师签名：
2016年5月外院查类风湿因子阳性，曾于某院就诊
患者常感乏力，患者高龄，患者成年，患者金黄色葡萄球菌感染
签名：　　年　月　日，患者签名：　家属签名：
父高血压，母糖尿病，妻体健，姐健在，母亲高龄
同时，应遵循医生的指导，由专业医生进行；家属全程陪同，患者有基本沟通能力
DR检查，MR平扫，患者RA Nodules明显，Zhang评分
Contact dermatitis，contact：无
"""


@pytest.mark.parametrize("sentence", FOUND.strip().split("\n"))
def test_a_name_is_masked(sentence):
    assert masked(bare(sentence)) == expected(sentence)


@pytest.mark.parametrize("sentence", KEPT.strip().split("\n"))
def test_other_words_stay(sentence):
    assert masked(sentence) == sentence


def test_a_name_on_the_line_below_its_label():
    assert masked("医师签名：\n郁离山") == "医师签名：\n＊＊＊"


def test_a_known_name_is_masked_in_every_section_with_any_gap():
    sections = ["双腕肿痛，郁离山查看。", "郁 离 山\n闻人\n素", "医师：郁离山"]
    assert mask_record(sections, "姓名：闻人素") == [
        "双腕肿痛，＊＊＊查看。",
        "＊＊＊＊＊\n＊＊＊＊",
        "医师：＊＊＊",
    ]


def test_a_known_name_does_not_hit_two_words_that_meet():
    assert masked("拟于明日出院，与于明沟通", "姓名：于明") == "拟于明日出院，与＊＊沟通"
    assert masked("患者于明日出院", "姓名：于明") == "患者于明日出院"


@pytest.mark.parametrize("name", ["张三", "赵一", "王三", "李双"])
@pytest.mark.parametrize("after", ["双膝肿痛", "双手晨僵", "多关节疼痛"])
def test_a_known_name_is_masked_where_one_is_told_whatever_follows(name, after):
    for text in (f"患者{{}}{after}。", f"{{}}{after}。", f"3年前，{{}}{after}。"):
        assert masked(text.format(name), f"姓名：{name}") == text.format("＊＊")


def test_a_part_of_a_dotted_name_is_known_too():
    assert masked("阿依古丽诉乏力", "姓名：阿依古丽·买买提") == "＊＊＊＊诉乏力"


def test_a_field_in_brackets_holds_a_name():
    assert masked("【姓名】闻人素") == "【姓名】＊＊＊"


def test_a_known_name_that_is_a_word_is_masked_where_persons_stand():
    text = "曾去高原旅行，患者高原诉乏力，高原签字"
    assert masked(text, "姓名：高原") == "曾去高原旅行，患者＊＊诉乏力，＊＊签字"


def test_a_known_latin_name_is_no_part_of_another_word():
    text = "Li Na, carolina, LINA"
    assert masked(text, "Name: Li Na") == "＊＊＊＊＊, carolina, ＊＊＊＊"
