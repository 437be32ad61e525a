import pytest
from jinja2 import TemplateNotFound, UndefinedError

from rakg_assets.extraction.page_frame import page_environment
from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.pages import Page, asks_the_network

PAGE = """{% extends "page_frame.html.j2" %}
{% from "words.j2" import term %}
{% block title %}{{ title }}{% endblock %}
{% block body %}<p>{{ term(zh, en) }}</p>{% endblock %}"""


def shown(**words: str) -> str:
    return page_environment().from_string(PAGE).render(words)


def test_what_a_page_is_given_is_escaped_in_its_frame() -> None:
    html = shown(title="<b>", zh="关系", en="<i>")
    assert not asks_the_network(html)
    page = Page(html)
    assert {"b", "i"}.isdisjoint(tag for tag, _ in page.tags)
    assert page.text.split() == ["<b>", "关系", "<i>"]
    assert "default-src 'none'" in html


def test_every_type_of_entity_has_a_colour_by_day_and_by_night() -> None:
    html = shown(title="", zh="", en="")
    assert all(html.count(f"--{kind.value}: #") == 2 for kind in EntityType)


def test_a_word_without_english_has_no_english_part() -> None:
    assert "<span" not in shown(title="", zh="BiLSTM-CRF", en="")


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'en' is undefined"):
        shown(title="", zh="")


def test_templates_are_those_of_the_package_and_the_frame() -> None:
    graph = page_environment("rakg_assets.graph")
    assert {"report.html.j2", "page_frame.html.j2"} <= set(graph.list_templates())
    with pytest.raises(TemplateNotFound):
        page_environment().get_template("report.html.j2")
