from pathlib import Path

from rakg_assets.extraction.prediction_cache import PredictionCache

SPANS = [(0, 2, "symptom", 0.5), (3, 4, "disease", 1.0)]


def test_what_was_put_comes_back_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "predictions.sqlite"
    PredictionCache(path, "v1").put({"a": SPANS, "b": []})
    assert PredictionCache(path, "v1").get(["a", "b", "c"]) == {"a": SPANS, "b": []}


def test_versions_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "predictions.sqlite"
    PredictionCache(path, "v1").put({"a": SPANS})
    newer = PredictionCache(path, "v2")
    assert newer.get(["a"]) == {}
    newer.put({"a": []})
    assert PredictionCache(path, "v1").get(["a"]) == {"a": SPANS}
    newer.put({"a": SPANS[:1]})
    assert newer.get(["a"]) == {"a": SPANS[:1]}


def test_more_keys_than_one_statement_takes(tmp_path: Path) -> None:
    cache = PredictionCache(tmp_path / "predictions.sqlite", "v1")
    cache.put({str(i): SPANS for i in range(1_200)})
    assert len(cache.get(map(str, range(1_300)))) == 1_200


def test_no_text_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "predictions.sqlite"
    PredictionCache(path, "v1").put({"a": SPANS})
    assert not {p.name for p in tmp_path.iterdir()} - {path.name}
