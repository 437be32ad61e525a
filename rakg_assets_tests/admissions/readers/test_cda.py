"""CDA documents: sections by three keys, dates, persons, and XML that means harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rakg_assets_tests.admissions.inboxes import (
    BODY,
    ENCOUNTER,
    SECTIONS,
    cda,
    entry,
    read_one,
    section,
)

ONE = {("入院记录", "主诉"): "双手肿痛。"}


def prefixed(document: str) -> str:
    return re.sub(r"<(/?)([A-Za-z])", r"<\1h:\2", document).replace("xmlns=", "xmlns:h=")


WAYS = {
    "code": cda(section("10154-3", "", "双手肿痛。")),
    "title": cda(section("", "主 诉：", "双手肿痛。")),
    "code before title": cda(section("10154-3", "现病史", "双手肿痛。")),
    "data element": cda(section("", "", "", entry("DE04.01.119.00", "<value>双手肿痛。</value>"))),
    "data element and text": cda(
        section("", "其他", "双手肿痛。", entry("DE04.01.119.00", "<value>x</value>"))
    ),
    "entries alone": cda(
        section("10154-3", "", "", entry("DE04.01.119.00", "<value>双手肿痛。</value>"))
    ),
    "blank narrative": cda(
        section("10154-3", "", " ", entry("DE04.01.119.00", "<value>双手肿痛。</value>"))
    ),
    "nested": cda(
        section("", "入院记录", "", section("", "", "", section("10154-3", "", "双手肿痛。")))
    ),
    "any prefix": prefixed(cda()),
    "no namespace": cda().replace(' xmlns="urn:hl7-org:v3"', ""),
    "space before": "\n " + cda(),
    "GBK": cda(prolog='<?xml version="1.0" encoding="GB2312"?>').encode("gbk"),
    "UTF-16": cda(prolog='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
    "BOM": "\ufeff" + cda(),
    "no prolog": cda(prolog=""),
    "doctype": cda(prolog='<?xml version="1.0"?><!DOCTYPE ClinicalDocument>'),
    "external doctype": cda(prolog='<!DOCTYPE ClinicalDocument SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "stylesheet": cda(prolog='<?xml-stylesheet href="http://127.0.0.1:9/a.xsl"?>'),
    "comment": cda(section("10154-3", "", "双手<!-- 不 -->肿痛。")),
    "deleted": cda(section("10154-3", "", '<content revised="delete">不</content>双手肿痛。')),
    "xinclude": cda(
        section(
            "10154-3",
            "",
            '双手肿痛。<i:include xmlns:i="http://www.w3.org/2001/XInclude" '
            'href="/etc/hostname" parse="text"/>',
        )
    ),
}


@pytest.mark.parametrize("document", WAYS.values(), ids=WAYS.keys())
def test_reads_a_document(tmp_path: Path, document: str | bytes) -> None:
    result = read_one(tmp_path, "a.xml", document)
    assert result.only == ("accepted", 1, None)
    assert result.sections_of("A") == ONE
    assert result.dates == [("2018-11-05", "2018-11-16")]


def test_narrative_becomes_lines(tmp_path: Path) -> None:
    text = (
        "<paragraph>肿<content>痛</content></paragraph><list><item>一</item><item>二</item></list>"
        "<table><thead><tr><th>项目</th><th>值</th></tr></thead>"
        "<tbody><tr><td>血沉</td><td>96</td></tr></tbody></table>甲<br/>乙&lt;3"
    )
    sections = read_one(tmp_path, "a.xml", cda(section("10154-3", "", text))).sections
    assert sections["入院记录", "主诉"] == "肿痛\n一\n二\n项目\t值\n血沉\t96\n甲\n乙<3"


def test_entries_become_lines(tmp_path: Path) -> None:
    entries = (
        entry("DE04.10.186.00", '<value value="36.5" unit="℃"/>', "体温")
        + entry("DE05.01.025.00", '<value code="M06" displayName="类风湿关节炎"/>')
        + entry("DE04.10.258.00", "<value>双手肿</value>")
    )
    sections = read_one(tmp_path, "a.xml", cda(section("29545-1", "", "", entries))).sections
    assert sections["入院记录", "体格检查"] == "体温：36.5℃\n类风湿关节炎\n双手肿"


def test_a_data_element_of_two_sections_follows_the_document(tmp_path: Path) -> None:
    body = section("", "", "", entry("DE05.01.025.00", "<value>RA</value>"))
    assert ("入院记录", "初步诊断") in read_one(tmp_path, "a.xml", cda(body)).sections
    assert ("出院记录", "出院诊断") in read_one(tmp_path, "a.xml", cda(body, code="C0049")).sections


def test_findings_follow_the_note_they_stand_in(tmp_path: Path) -> None:
    findings = section("30954-2", "辅助检查", "{}")
    assert ("入院记录", "辅助检查") in read_one(tmp_path, "a.xml", cda(findings)).sections
    assert ("出院记录", "辅助检查") in read_one(
        tmp_path, "a.xml", cda(findings, code="C0049")
    ).sections
    nested = section("", "入院记录", "", findings.format("a")) + section(
        "", "出院记录", "", findings.format("b")
    )
    flat = (
        section("10154-3", "", "痛")
        + findings.format("a")
        + section("8648-8", "", "好")
        + findings.format("b")
    )
    for body in (nested, flat):
        sections = read_one(tmp_path, "a.xml", cda(body, code="C0049")).sections
        assert sections["入院记录", "辅助检查"] == "a"
        assert sections["出院记录", "辅助检查"] == "b"


@pytest.mark.parametrize(
    ("stay", "body"),
    [
        (ENCOUNTER.format('<low value="20181105093000.000+0800"/>'), ""),
        (ENCOUNTER.format("").replace("<effectiveTime>", '<effectiveTime value="20181105">'), ""),
        ("", section("", "", "", entry("DE06.00.092.00", '<value value="20181105093000"/>'))),
        ("", section("", "", "", entry("DE06.00.092.00", "<value>2018年11月5日</value>"))),
        (
            ENCOUNTER.format('<low nullFlavor="NI"/>'),
            section("", "入院情况", "于2018年11月5日收入我科"),
        ),
    ],
)
def test_admission_without_discharge_is_accepted(tmp_path: Path, stay: str, body: str) -> None:
    document = cda(section("10154-3", "", "痛") + body, stay)
    assert read_one(tmp_path, "a.xml", document).dates == [("2018-11-05", "None")]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (cda(stay=""), "no_admission_date"),
        (cda(stay=ENCOUNTER.format('<low value="201811"/>')), "no_admission_date"),
        (cda(stay=ENCOUNTER.format('<high value="20181116"/>')), "no_admission_date"),
        (cda(stay=ENCOUNTER.format('<low value="20981105"/>')), "date_out_of_range"),
        (
            cda(stay=ENCOUNTER.format('<low value="20181105"/><high value="20181101"/>')),
            "discharge_before_admission",
        ),
        (cda(persons=2), "two_patients"),
        (cda(section("10164-2", "", "患者，男，50岁，痛")), "two_patients"),
        (cda(section("10154-3", "", " ")), "empty"),
        (cda()[:-30], "malformed"),
        (
            cda().encode()[:-40].rpartition("。".encode())[0] + "。".encode()[:-1],
            "truncated_character",
        ),
        ("<root><a/></root>", "malformed"),
        ("<?xml version='1.0'?>", "malformed"),
        (cda(section("10154-3", "", "&nbsp;痛")), "malformed"),
        (cda(section("10154-3", "", "\x01痛")), "malformed"),
        (cda("<component><section>" * 150 + "</section></component>" * 150), "malformed"),
        (cda(section("10154-3", "", "<content>" * 100_000 + "</content>" * 100_000)), "malformed"),
        (cda(prolog='<!DOCTYPE a [<!ENTITY x "y">]>'), "malformed"),
        (cda(prolog='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'), "malformed"),
        (cda(prolog='<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]>'), "malformed"),
        (
            cda(
                section("10154-3", "", "&c;"),
                prolog='<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;">]>',
            ),
            "malformed",
        ),
    ],
)
def test_refuses_with_a_reason(tmp_path: Path, document: str | bytes, reason: str) -> None:
    assert read_one(tmp_path, "a.xml", document).only == ("quarantined", 0, reason)


def test_documents_in_one_file_are_records_of_one_person(tmp_path: Path) -> None:
    later = ENCOUNTER.format('<low value="20190105"/>')
    both = f"<all>{cda(prolog='')}{cda(id='B', stay=later, prolog='')}</all>"
    assert read_one(tmp_path, "a.xml", both).only == ("accepted", 2, None)
    assert read_one(tmp_path, "a.xml", both.replace("H0212", "H9", 1)).only[2] == "two_patients"


def test_a_text_body_is_read_as_plain_text(tmp_path: Path) -> None:
    document = cda().replace(
        "<structuredBody>", f"<nonXMLBody><text>{BODY}</text></nonXMLBody><!--"
    )
    document = document.replace("</structuredBody>", "-->")
    assert read_one(tmp_path, "a.cda", document).sections == SECTIONS


def test_everyone_whom_the_header_names_is_masked(tmp_path: Path) -> None:
    author = (
        '<author><assignedAuthor><id extension="D77001"/><telecom value="tel:0571-88001234"/>'
        "<assignedPerson><name>李医三</name></assignedPerson></assignedAuthor></author>"
    )
    text = "汪小二双手肿痛，李医三接诊，工号D77001，电话0571-88001234。"
    name = "<family>汪</family><given>小二</given>"
    document = cda(section("10154-3", "", text), name=name, header=author)
    masked = read_one(tmp_path, "a.xml", document).sections["入院记录", "主诉"]
    assert len(masked) == len(text)
    assert "双手肿痛" in masked
    assert not re.search("汪小二|李医三|D77001|88001234", masked)
