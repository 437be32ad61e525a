import gzip
import json
import lzma
import random
from pathlib import Path

import pytest

from rakg_assets.extraction.encoders.texts import (
    TextFileError,
    TextSource,
    all_texts,
    dictionary_texts,
    kept_back,
    term_lists,
)
from rakg_assets.ontology.dictionaries import Concept, dictionary_of
from rakg_assets.ontology.schema import EntityType

LONG = "患者三年前无明显诱因出现双手多关节肿痛，伴晨僵。"
TERMS = [f"第{number}型关节炎" for number in range(30)]


def read(path: Path, times: int = 1) -> list[str]:
    return all_texts([TextSource(path, times).read()])


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", ["", ".xz", ".gz"])
@pytest.mark.parametrize(
    ("name", "line"),
    [("a.txt", LONG), ("a.tsv", f"源\t7\t{LONG}"), ("a.jsonl", json.dumps({"text": LONG, "n": 1}))],
)
def test_formats_packed_or_not(tmp_path: Path, name: str, line: str, ending: str) -> None:
    packers = {"": bytes, ".xz": lzma.compress, ".gz": gzip.compress}
    path = tmp_path / (name + ending)
    path.write_bytes(packers[ending](f"\ufeff{line}\r\n\n{line}\n".encode()))
    assert read(path) == [LONG, LONG]


def test_a_folder_is_all_its_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    write(tmp_path / "b.txt", LONG + "b")
    write(tmp_path / "inner/a.TSV", f"x\t{LONG}a")
    write(tmp_path / "notes.csv", "no")
    assert read(tmp_path) == [LONG + "b", LONG + "a"]


def test_a_weight_reads_a_file_again() -> None:
    assert TextSource.parse("a/b*c.txt*3") == TextSource(Path("a/b*c.txt"), 3)
    assert TextSource.parse("b.txt") == TextSource(Path("b.txt"))
    for wrong in ("b.txt*0", "", "*3*0"):
        with pytest.raises(TextFileError, match="write FILE or"):
            TextSource.parse(wrong)


def test_texts_are_read_so_often(tmp_path: Path) -> None:
    source = TextSource(write(tmp_path / "a.txt", LONG), 3)
    found = source.read()
    assert (found.name, found.texts, found.times) == ("a.txt", (LONG,), 3)
    assert all_texts([found]) == [LONG] * 3


def test_short_lines_are_terms_in_lists_of_another_order_each_time(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.txt", *(f"{term}\t{i}" for i, term in enumerate(TERMS)))
    coded = write(tmp_path / "a.tsv", *(f"M0{i}\t{term}" for i, term in enumerate(TERMS)))
    for path in (plain, coded):
        lists = read(path, times=2)
        assert [len(text.split("、")) for text in lists] == [12, 12, 6] * 2
        assert sorted("、".join(lists[:3]).split("、")) == sorted(TERMS)
        assert sorted("、".join(lists[3:]).split("、")) == sorted(TERMS)
        assert lists[:3] != lists[3:]
        assert lists == read(path, times=2)


def test_short_texts_with_a_key_are_texts(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.jsonl", *['{"text": "双手肿痛"}'] * 2)) == ["双手肿痛"] * 2


def test_names_of_the_dictionaries_are_lists() -> None:
    concepts = [Concept("BDP0001", "手", "hand", ("手部",), "", {}, ("双手",))]
    found = dictionary_texts({EntityType.BODY_PART: dictionary_of(EntityType.BODY_PART, concepts)})
    assert sorted(found.texts[0].split("、")) == sorted(["手", "hand", "手部", "双手"])
    assert term_lists([], random.Random(0)) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", LONG.encode("gb18030"), r"a\.txt, line 1: not UTF-8; save it as UTF-8"),
        ("a.txt", f"{LONG}\n".encode() + b"\xff\n", r"a\.txt, line 2: not UTF-8"),
        ("a.jsonl", b'{"text": "a"}\n{', r"a\.jsonl, line 2: not an object with a .text.; write"),
        ("a.jsonl", b"[1]\n", r"a\.jsonl, line 1: not an object"),
        ("a.jsonl", b'{"text": 1}\n', r"a\.jsonl, line 1: not an object"),
        ("a.txt.xz", b"no", r"a\.txt\.xz, after line 0: damaged; pack it again"),
        ("a.txt.gz", gzip.compress(LONG.encode() * 99, mtime=0)[:-9], r"a\.txt\.gz, .*damaged"),
        ("a.txt", b"\n \n", r"a\.txt: holds no text; name a file"),
        ("a.csv", b"x", r"a\.csv: not a file of texts; name a file \.txt"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TextFileError, match=message) as caught:
        read(tmp_path / name)
    assert "双手" not in str(caught.value)


def test_a_missing_path_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(TextFileError, match="no such file or folder; check"):
        read(tmp_path / "nowhere")
    with pytest.raises(TextFileError, match=r"no file \.txt.* in it; name a folder"):
        read(tmp_path)


def test_all_copies_of_a_text_are_kept_back_or_none() -> None:
    texts = [f"第{i}段文字" for i in range(50)] * 3
    rest, held = kept_back(texts, 0.1)
    assert len(held) == 5
    assert not {*rest} & {*held}
    assert len(rest) == 45 * 3
    assert kept_back(list(reversed(texts)), 0.1)[1] == held
    assert len(kept_back(texts, 0.0)[1]) == 1
