"""Addresses: province and city stay, the rest is masked; places of care and illness stay."""

import pytest

from rakg_assets.admissions.deidentify import Identity
from rakg_assets_tests.admissions.deidentify.marked import bare, expected, masked

FOUND = """
住址：江苏省云川市【柳堤路9号3幢201室】　联系电话：【15400001234】
现住址：江苏省云川市【柳堤区北屏街道听松社区7号楼2单元301室】
住址：江苏省云川市 【柳堤路 9 号 3 幢 201室】 电话：【15400001234】
住　　址：云川市【听松巷12-3】
户口地址：北京市【朝阳区柳堤路９号】
家住云川市【柳堤路9号】，务农
家住【阳光小区3幢201室】
来自云川市【柳堤村】的患者，于云川市【柳堤路9号】发病
云川市【柳堤区北屏街道听松社区7号楼2单元301室】，云川市【柳堤镇听松村】人
现住 江苏省云川市【柳堤镇听松村3组12号】。
现住址：北京市【朝阳区柳堤路9号院3号楼2单元501】
北京市【朝阳区柳堤路9号院3号楼】的患者
户籍地：江苏省云川市【柳堤区听松路12号】
工作单位及地址：云川市【柳堤区听松路12号】
生于云川市【柳堤区】，久居本地
住北京市【海淀区听松村大街27号院】，务农
住北京市【海淀区听松村大街27号院3号楼502室】
住址北京市【朝阳区听松园27号院3号楼502室】
"""

KEPT = """
家住6楼，上下楼困难；居住于潮湿地区；长期居住在农村；来自疫区
地址：不详；籍贯：江苏云川；居住地：江苏省云川市
静脉通路2组，神经通路120，住在我院3楼病房
社区卫生服务中心，乡镇卫生院，农村合作医疗，街道社区医院
生长于原籍，无疫区居住史，现住在儿子家
转至我院2号院区，收入关节科
病变发生于大脑某一特定区域，出生于江苏省云川市，生长于原籍
"""


@pytest.mark.parametrize("sentence", FOUND.strip().split("\n"))
def test_an_address_is_masked_below_the_city(sentence):
    assert masked(bare(sentence)) == expected(sentence)


@pytest.mark.parametrize("sentence", KEPT.strip().split("\n"))
def test_other_places_stay(sentence):
    assert masked(sentence) == sentence


def test_a_known_address_is_masked_by_its_parts():
    identity = Identity(addresses=frozenset({"江苏省云川市柳堤路9号3幢201室"}))
    assert masked("在柳堤路散步，云川市", identity=identity) == "在＊＊＊散步，云川市"
