"""Folding: signs become plain, places stay."""

from rakg_assets.ontology.text import fold


def test_folding_keeps_the_length():
    text = "３２９－Ｘ：（𠮷）\u3000—"
    assert fold(text) == "329-X:(𠮷)\u3000-"
