"""The shape of what `luodi bench` prints: a program reads its last line. Nothing here is timed."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from luodi.cli import bench
from luodi.cli.say import Stop
from tests.cli.conftest import ROOT, surroundings

RESULT = {"metric", "value", "unit", "floor", "ratio"}
# the runner as the command calls it, on a folder with one benchmark that takes no time
RUN = "import sys, pathlib; from luodi.cli import bench; bench.FOLDER = pathlib.Path(sys.argv[1]); "
RUN += "bench.run('tiny', quick=True, engine=sys.argv[2])"
TINY = """
def main(*, quick, engine):
    from luodi.trust import ledger

    head = ledger.seal()
    result = {"metric": "head", "value": head, "unit": "entries", "floor": 1, "ratio": head / 1}
    return {"results": [result], "errors": 0, "told": [quick, engine]}
"""


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.law)])
def test_the_last_line_is_one_object_with_the_promised_members(tmp_path: Path, engine: str) -> None:
    (tmp_path / "tiny.py").write_text(TINY)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path), engine],
        cwd=ROOT, env=surroundings(tmp_path / "data"), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told.keys() >= {"name", "engine", "results", "errors", "machine"}
    assert (told["name"], told["engine"], told["errors"], told["told"]) == ("tiny", engine, 0, [True, engine])
    (result,) = told["results"]
    assert result.keys() >= RESULT
    assert result["value"] > 0, "it ran on a hospital that stands"
    assert told["machine"].keys() >= {"cores", "processor", "system", "python", "luodi"}
    assert not (tmp_path / "data").exists(), "a benchmark works on a hospital of its own"


GOOD = {"metric": "m", "value": 1, "unit": "s", "floor": 1, "ratio": 1}


@pytest.mark.parametrize("found", [
    {}, {"results": [], "errors": 0}, {"results": [GOOD]}, {"results": [GOOD], "errors": "none"},
    {"results": [GOOD, {key: GOOD[key] for key in GOOD if key != "floor"}], "errors": 0},
])  # fmt: skip
def test_a_result_without_its_members_is_not_told(found: dict[str, object]) -> None:
    with pytest.raises(Stop):
        bench._require_shape(found)


def _keys(node: ast.Dict) -> set[str]:
    return {key.value for key in node.keys if isinstance(key, ast.Constant)}


def _returned(function: ast.FunctionDef) -> list[Any]:
    return [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]


@pytest.mark.parametrize("name", bench.names())
def test_every_benchmark_returns_that_shape(name: str) -> None:
    """Read, not run: main takes quick and engine, returns results and errors, and each result has its members."""
    tree = ast.parse((bench.FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert [argument.arg for argument in defined["main"].args.kwonlyargs] == ["quick", "engine"]
    returned = _returned(defined["main"])
    if isinstance(returned[0], ast.Call):  # main only says how large, and another function measures
        assert [ast.unparse(value.func) for value in returned] == ["measured"]
        returned = _returned(defined["measured"])
    assert returned
    for value in returned:
        assert isinstance(value, ast.Dict)
        assert _keys(value) >= {"results", "errors"}
    results = [node for node in ast.walk(tree) if isinstance(node, ast.Dict) and "metric" in _keys(node)]
    assert results
    assert [sorted(RESULT - _keys(node)) for node in results] == [[] for _node in results]
