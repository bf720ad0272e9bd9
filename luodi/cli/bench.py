"""`luodi bench NAME`: a benchmark on an empty hospital of its own, its result one JSON object on the last line."""

import contextlib
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

from luodi import __version__
from luodi.cli.place import ROOT, make_keys, open_hospital, prepare_database
from luodi.cli.say import Stop, tell

FOLDER = ROOT / "benchmarks"
_RESULT = {"metric", "value", "unit", "floor", "ratio"}


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def _load(name: str) -> ModuleType:
    if name not in names():
        raise Stop(
            f"没有基准 {name}，有：{'、'.join(names())}", f"no such benchmark; there are {', '.join(names())}", status=2
        )
    spec = util.spec_from_file_location(f"benchmarks.{name}", FOLDER / f"{name}.py")
    if spec is None or spec.loader is None:
        raise Stop(f"读不了基准 {name}", "cannot load the benchmark")
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))  # what several benchmarks share lies beside them
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _hospital(engine: str) -> Iterator[None]:
    from luodi.cli.postgres import Missing, Server

    with contextlib.ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="luodi-bench-", ignore_cleanup_errors=True))
        )
        for name in [name for name in os.environ if name.startswith("LUODI_")]:
            del os.environ[name]
        database = None
        if engine == "postgresql":
            try:
                database = stack.enter_context(Server(durable=True)).address
            except Missing as missing:
                raise Stop(str(missing)) from None
        make_keys(folder)
        # the demo's mode, so that a benchmark may serve pages on loopback from hashed files as users get them
        open_hospital(folder, mode="demo", database=database)
        prepare_database()
        yield


def machine() -> dict[str, object]:
    """Where a figure comes from."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "luodi": __version__,
    }


def _require_shape(found: dict[str, Any]) -> None:
    """Raises Stop where a program that reads the line would not find what it was promised."""
    if not found.get("results") or not isinstance(found.get("errors"), int):
        raise Stop("基准没有给出结果或错误数", "the benchmark gave no results or no count of errors")
    for result in found["results"]:
        if missing := _RESULT - result.keys():
            raise Stop(f"基准结果缺少 {missing}", f"a result lacks {missing}")


def run(name: str, *, quick: bool, engine: str) -> None:
    """Run `benchmarks/NAME.py`: its main(quick=…, engine=…) returns {"results": [...], "errors": n}."""
    if engine not in ("sqlite", "postgresql"):
        raise Stop("--engine 应为 sqlite 或 postgresql", "--engine is sqlite or postgresql", status=2)
    module = _load(name)
    with _hospital(engine):
        found = module.main(quick=quick, engine=engine)
    _require_shape(found)
    tell({"name": name, "engine": engine, "quick": quick, **found, "machine": machine()})
