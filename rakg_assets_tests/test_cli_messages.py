from __future__ import annotations

from collections.abc import Callable

import pytest
import typer

from rakg_assets.cli_messages import annotation_format, month, ner_model, said_plainly
from rakg_assets.ontology.dictionaries import DictionaryError, fold


def said(command: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(typer.Exit) as stop:
        said_plainly(command)()
    assert stop.value.exit_code == 1
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_our_own_errors_are_said_in_their_words(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        raise DictionaryError("disease.csv: missing; add the file")

    assert said(command, capsys) == "rakg: disease.csv: missing; add the file\n"


def test_errors_of_the_system_name_the_file_and_a_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def command() -> None:
        raise PermissionError(13, "Permission denied", "/a/b")

    assert said(command, capsys).startswith("rakg: /a/b: Permission denied; check the path")


def test_of_other_errors_only_kind_and_place_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    message = said(lambda: fold(5), capsys)  # type: ignore[arg-type,return-value]
    assert message.startswith("rakg: rakg_assets/ontology/dictionaries.py, line ")
    assert "unexpected TypeError" in message


@pytest.mark.parametrize("error", [typer.Exit(3), typer.BadParameter("no")])
def test_what_ends_a_command_on_purpose_passes(error: Exception) -> None:
    def command() -> None:
        raise error

    with pytest.raises(type(error)):
        said_plainly(command)()


@pytest.mark.parametrize(
    ("option", "good", "bad"),
    [
        (month, "2018-04", "2018-4"),
        (month, "2018-12", "２０１８-04"),
        (ner_model, "bilstm-crf", "crf"),
        (annotation_format, "brat", "word"),
    ],
)
def test_values_of_options_are_checked(option: Callable[[str], str], good: str, bad: str) -> None:
    assert option(good) == good
    with pytest.raises(typer.BadParameter):
        option(bad)


def test_no_month_is_allowed() -> None:
    assert month(None) is None
