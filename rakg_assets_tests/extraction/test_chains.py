from dataclasses import replace

import pytest

from rakg_assets.extraction.chains import coordinated
from rakg_assets_tests.extraction.conftest import marked


def chains(text: str) -> list[str]:
    document = marked(text)
    found = coordinated(document, range(len(document.entities)))
    return ["+".join(document.entities[i].text for i in chain) for chain in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[双腕]b、[双膝]b[肿痛]s", ["双腕+双膝", "肿痛"]),
        ("[双腕]b及[双膝]b，[右踝]b[肿痛]s", ["双腕+双膝", "右踝", "肿痛"]),
        ("[甲氨蝶呤]t10mg每周一次、[来氟米特]t20mg", ["甲氨蝶呤+来氟米特"]),
        ("[甲氨蝶呤]t无效，改[来氟米特]t", ["甲氨蝶呤", "来氟米特"]),
        ("[双手]b10分钟、[双膝]b", ["双手", "双膝"]),
        ("[肿痛]s、[晨僵]s", ["肿痛", "晨僵"]),
        ("[受凉]a或[劳累]a后[肿痛]s", ["受凉+劳累", "肿痛"]),
        ("[双手]b[双膝]b", ["双手+双膝"]),
        ("“[甲氨蝶呤]t”10mg、“[来氟米特]t”及[推拿]t", ["甲氨蝶呤+来氟米特+推拿"]),
    ],
)
def test_heads_of_one_list_are_one_chain(text: str, expected: list[str]) -> None:
    assert chains(text) == expected


def test_an_absent_one_is_in_no_list_of_present_ones() -> None:
    document = marked("[受凉]a、[劳累]a后")
    first, second = document.entities
    document = replace(document, entities=(first, replace(second, assertion="absent")))
    assert coordinated(document, range(2)) == [(0,), (1,)]


def test_entities_come_in_order_of_place_whatever_theirs_was() -> None:
    document = marked("[双腕]b、[双膝]b[肿痛]s")
    turned = replace(document, entities=document.entities[::-1])
    assert coordinated(turned, range(3)) == [(2, 1), (0,)]
