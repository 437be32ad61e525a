"""What keys and columns mean, and which values they may have."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from rakg_assets.admissions.fields import (
    date_value,
    id_value,
    identity_of,
    load_mapping,
    role_of,
    squeeze_ends,
    text_value,
    version_value,
)
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.sections import Section


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("记录编号", "id"),
        ("ID", "id"),
        ("入 院 日 期 ", "admission"),
        ("入院时间", "admission"),
        ("discharge", "discharge"),
        ("版本号", "version"),
        ("text", "text"),
        ("年龄", None),
        ("记录日期", None),
    ],
)
def test_roles_of_names(name: str, role: str | None) -> None:
    assert role_of(name) == role


def test_a_mapping_adds_names_to_those_known(tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(
        'id = "病历号"\nadmission = ["入院", "Adm"]\n["出院记录"]\n"辅助检查" = "Labs"\n'
    )
    mapping = load_mapping(file)
    assert role_of("病历号", mapping) == role_of("记录编号", mapping) == "id"
    assert role_of("ADM", mapping) == "admission"
    assert role_of("labs", mapping).note == "出院记录"
    assert isinstance(role_of("主诉", mapping), Section)


@pytest.mark.parametrize("content", ['id = "a', 'unknown = "a"', "id = 5", '"主诉" = [1]'])
def test_a_faulty_mapping_names_the_file(tmp_path: Path, content: str) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(content)
    with pytest.raises(ValueError, match="mapping"):
        load_mapping(file)
    with pytest.raises(ValueError, match="none"):
        load_mapping(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("value", "given"),
    [(7, "7"), (7.0, "7"), ("007", "007"), (" a\u200b", "a"), ("", None), (None, None)],
)
def test_ids_are_text(value: object, given: str | None) -> None:
    assert id_value(value) == given


@pytest.mark.parametrize(
    "value",
    [20190305, 20190305.0, "2019-03-05", date(2019, 3, 5), datetime(2019, 3, 5, 23, 59)],
)
def test_dates_come_as_cells_numbers_and_text(value: object) -> None:
    assert date_value(value) == date(2019, 3, 5)


@pytest.mark.parametrize("read", [id_value, date_value, text_value])
@pytest.mark.parametrize("value", [True, {"a": 1}])
def test_values_of_a_wrong_type_are_malformed(read: object, value: object) -> None:
    with pytest.raises(Refusal) as caught:
        read(value)
    assert caught.value.reason == "malformed"


def test_lines_of_text_may_come_as_a_list() -> None:
    assert text_value(["a", "b"]) == "a\nb"
    assert text_value(None) == ""


def test_versions_compare_by_number() -> None:
    assert version_value(None) < version_value("v2") < version_value(2.5) < version_value("１０")


def test_ends_are_squeezed_in_one_go() -> None:
    assert squeeze_ends("\u200b a b\ufeff ") == "a b"
    assert squeeze_ends("\u200b" * 10**5) == ""


def test_keys_tell_who_a_person_is_but_drugs_keep_their_name() -> None:
    found = identity_of(
        [
            ("姓名", "闻人素"),
            ("主管医师", "郁离山、王一"),
            ("patient_name", "Li Lei"),
            ("drug_name", "甲氨蝶呤"),
            ("联系电话", "15400001234"),
            ("住址", "柳堤路9号"),
            ("出生日期", "1965-05-12"),
            ("住院号", "ZY2019"),
            ("科室", "风湿免疫科"),
        ]
    )
    assert found.names == {"闻人素", "郁离山", "王一", "Li Lei"}
    assert found.phones == {"15400001234"}
    assert found.numbers == {"ZY2019"}
