from __future__ import annotations

import pytest

from rakg_assets.orchestration.progress import progress_bar


def test_a_bar_is_drawn_on_the_error_stream(capsys: pytest.CaptureFixture[str]) -> None:
    update = progress_bar("inbox", "file")
    assert capsys.readouterr() == ("", "")
    for done in (1, 2, 3):
        update(done, 3)
    out, err = capsys.readouterr()
    assert out == ""
    assert "inbox: 100%" in err
    assert "3/3" in err


def test_after_its_end_a_bar_begins_anew(capsys: pytest.CaptureFixture[str]) -> None:
    update = progress_bar("model", "batch")
    update(2, 2)
    update(5, 5)
    assert "5/5" in capsys.readouterr().err
