from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rakg_assets.corpus.splits import held_out
from rakg_assets.extraction.assets import domain_encoder
from rakg_assets.extraction.encoders.encoder import load_encoder
from rakg_assets.extraction.encoders.texts import TextFileError
from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.run_configs import DomainEncoderConfig

TEXT = "患者三年前无明显诱因出现双手多关节肿痛，伴晨僵约一小时。"
SMALL = {"passes": 1, "row_length": 32, "batch_rows": 256, "checkpoint_rows": 10_000, "threads": 1}


def materialise(home: Path, **config: Any) -> Any:
    row = dict.fromkeys(TABLES["annotations"].column_names, "")
    annotations = pd.DataFrame(
        [row | {"record_id": f"R{n}", "text": f"{TEXT}{TEXT}{n}"} for n in range(3)]
    )
    # Of three records one is learnt from; those that models are tuned and tested on are not read.
    texts = {name: f"{name}不读。" for name in held_out(annotations, Settings().split_seed)}
    sentences = pd.DataFrame(
        {"record_id": [*texts, "new", "newer"], "text": [*texts.values(), TEXT, TEXT]}
    )
    settings = Settings(home=str(home), dictionaries=str(home / "words"))
    chosen = DomainEncoderConfig(overrides=SMALL | config.pop("overrides", {}), **config)
    return domain_encoder(chosen, settings, sentences, annotations)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    from rakg_assets.ontology.dictionaries import ID_PREFIXES

    (tmp_path / "words").mkdir()
    for kind, prefix in ID_PREFIXES.items():
        row = f"concept_id,name_zh,name_en,aliases,parent\n{prefix}0001,晨僵,stiffness,,\n"
        (tmp_path / "words" / f"{kind.value}.csv").write_text(row, encoding="utf-8")
    return tmp_path


def test_distinct_texts_files_and_names_are_read(home: Path, tiny_bert: Path) -> None:
    (home / "more.txt").write_text(f"{TEXT}另有发热。\n", encoding="utf-8")
    result = materialise(home, start=str(tiny_bert), texts=[f"{home / 'more.txt'}*2"])
    metadata = result.metadata
    read = {"sentences": 1, "annotated sections": 1, "more.txt": 1, "dictionaries": 9}
    assert metadata["texts"].data == read
    extra = len("另有发热。")
    assert metadata["characters"] == 5 * len(TEXT) + 1 + 2 * extra + 9 * len("晨僵、stiffness")
    assert metadata["start"] == str(tiny_bert)
    assert metadata["rows"] > metadata["rows_read"] > 0
    assert metadata["curves"].md_str.startswith("![](data:image/png;base64,")
    assert metadata["epochs"].data[0]["dev"].keys() == {"loss", "accuracy"}
    assert metadata["held_out"].data == metadata["epochs"].data[0]["dev"]
    assert load_encoder(str(home / "models/encoder")).size == 32


def test_overrides_win_over_the_start(home: Path, tiny_bert: Path) -> None:
    overrides = {"encoder": "fresh", "size": 16, "layers": 1, "heads": 2, "minimum": 1}
    result = materialise(home, start=str(tiny_bert), overrides=overrides)
    assert result.metadata["start"] == "fresh"
    assert load_encoder(str(home / "models/encoder")).size == 16


def test_a_file_that_is_not_there_stops_before_the_training(home: Path) -> None:
    with pytest.raises(TextFileError, match="no such file"):
        materialise(home, start="fresh", texts=["nowhere.txt"])
