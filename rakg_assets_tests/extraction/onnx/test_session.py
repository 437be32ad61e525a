from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from rakg_assets.extraction.artifacts import NETWORK, ModelError
from rakg_assets.extraction.onnx import session
from rakg_assets.extraction.onnx.session import has_onnx, load_network

GIVEN = {"ids": np.arange(3, dtype=np.int64), "unused": np.zeros(3, dtype=np.int64)}


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A folder with a network that adds an input to itself."""
    given, sums = (helper.make_tensor_value_info(n, TensorProto.INT64, ["n"]) for n in ("ids", "o"))
    graph = helper.make_graph(
        [helper.make_node("Add", ["ids", "ids"], ["o"])], "g", [given], [sums]
    )
    opset = helper.make_opsetid("", 17)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=8), tmp_path / NETWORK)
    return tmp_path


def test_a_network_takes_the_inputs_that_it_has(released: Path) -> None:
    assert has_onnx(released)
    assert load_network(released)(GIVEN).tolist() == [0, 2, 4]


def test_a_damaged_folder_says_what_to_do(released: Path) -> None:
    (released / NETWORK).write_bytes(b"broken")
    with pytest.raises(ModelError, match="export the model again"):
        load_network(released)
    (released / NETWORK).unlink()
    assert not has_onnx(released)
    with pytest.raises(ModelError, match="export the model again"):
        load_network(released)


@pytest.mark.parametrize(("wanted", "threads"), [(1, 1), (None, 3)])
@pytest.mark.parametrize("there", [True, False])
def test_a_session_is_set_up_for_the_processor(
    there: bool, wanted: int | None, threads: int, released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries: dict[str, str] = {}
    made: list[onnxruntime.SessionOptions] = []

    class Options(onnxruntime.SessionOptions):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

        def add_session_config_entry(self, key: str, value: str) -> None:
            entries[key] = value
            super().add_session_config_entry(key, value)

    monkeypatch.setattr(session, "has_byte_products", lambda: there)
    monkeypatch.setattr(session, "cores", lambda: 3)
    monkeypatch.setattr(onnxruntime, "SessionOptions", Options)
    assert load_network(released, wanted)(GIVEN).tolist() == [0, 2, 4]
    assert entries == ({} if there else {"session.x64quantprecision": "1"})
    assert [(o.intra_op_num_threads, o.inter_op_num_threads) for o in made] == [(threads, 1)]
