"""Sizes, places and words of the files themselves."""

import ast
import re
import sys
from collections import Counter
from pathlib import Path

from tests.house.tree import FLOORS, ROOT, code, files, name

TALL, USUAL = 400, 200
# assembled here, so that this file does not hold what it forbids
MACHINE_PATHS = re.compile(
    "|".join(("/" + "work/", "/" + "root/", "/" + "home/[a-z]", "/tmp/" + "brief", r"\.\./" + "shared"))
)
TEXT = (".py", ".md", ".html", ".css", ".js", ".toml", ".lock", ".yaml", ".service", ".po", ".csv", ".conf", "")
OURS = (
    "luodi",
    "tests",
    "benchmarks",
    "deploy",
    "docs",
    ".ci",
    "run.py",
    "pyproject.toml",
    "README.md",
    "README.zh-CN.md",
)


def _has_reason(path: Path) -> bool:
    return "Long because" in "".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:10])


def test_no_file_is_too_tall() -> None:
    heights = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code() + code("tests")}
    tall = [file for file, lines in heights.items() if lines > TALL and not _has_reason(ROOT / file)]
    assert tall == []
    usual = sum(lines <= USUAL for lines in heights.values())
    assert usual >= 0.85 * len(heights), Counter(lines > USUAL for lines in heights.values())


def test_no_module_is_called_utils() -> None:
    assert [name(path) for path in code() if path.stem in ("utils", "util", "helpers", "misc", "common")] == []


def test_nothing_names_a_machine() -> None:
    named = []
    for path in files(*TEXT):
        if path.name in ("LICENSE",) or "vendor" in path.parts:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        named += [f"{name(path)}: {found}" for found in MACHINE_PATHS.findall(text)]
    assert named == []


def test_locks_name_no_registry_and_hash_everything() -> None:
    for lock in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert not re.search(r"https?://|--(extra-)?index|--find-links|file:", text), lock
        pinned = re.findall(r"^[\w.\-\[\]]+==\S+", text, re.M)
        assert pinned, lock
        assert text.count("--hash=sha256:") >= len(pinned), lock


def test_the_test_lock_holds_all_of_the_other() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[\w.\-\[\]]+==[^\s;]+", (ROOT / lock).read_text(encoding="utf-8"), re.M))

    assert pins("requirements.lock") <= pins("requirements-test.lock")


def test_run_py_is_short_and_needs_only_python() -> None:
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 100
    for node in ast.walk(ast.parse(source)):
        modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert all(module.split(".")[0] in sys.stdlib_module_names for module in modules)


INLINE = re.compile(
    r"<style\b|\sstyle=|\son(?:click|change|input|submit|load|error|focus|blur|key\w+|mouse\w+|pointer\w+)=|javascript:|<script(?![^>]*\bsrc=)[^>]*>",
    re.I,
)


def test_templates_hold_no_inline_style_or_script() -> None:
    found = []
    for path in files(".html", ".svg", under="luodi"):
        text = path.read_text(encoding="utf-8")
        found += [f"{name(path)}: {hit}" for hit in INLINE.findall(text)]
    assert found == []


def test_every_room_says_what_it_owns() -> None:
    lost = [room for room in FLOORS if room not in ("cli",) and not (ROOT / "luodi" / room / "README.md").exists()]
    assert lost == []


def test_house_is_drawn_as_it_stands() -> None:
    drawn = (ROOT / "HOUSE.md").read_text(encoding="utf-8")
    assert [room for room in FLOORS if not re.search(rf"`(luodi/)?{room}/?`", drawn)] == []


LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def test_what_the_documents_link_exists() -> None:
    lost = []
    for path in files(".md"):
        if "vendor" in path.parts:
            continue
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists() and not (ROOT / target.lstrip("/")).exists():
                lost.append(f"{name(path)} → {target}")
    assert lost == []


def test_tables_of_files_are_true() -> None:
    """A README that lists files in its first column lists files that exist."""
    cell = re.compile(r"^\|\s*((?:`[\w./\-]+`(?:,\s*)?)+)\s*\|", re.M)
    lost = []
    for path in files("README.md", ".md"):
        if path.name != "README.md":
            continue
        for cells in cell.findall(path.read_text(encoding="utf-8")):
            for file in re.findall(r"`([\w./\-]+\.(?:py|md|toml|conf|yaml|service))`", cells):
                if not (path.parent / file).exists() and not (ROOT / file).exists():
                    lost.append(f"{name(path)} → {file}")
    assert lost == []


def test_tests_that_are_committed_are_collected() -> None:
    strays = [name(p) for p in files(".py", under="tests") if re.search(r"^def test_", p.read_text(), re.M)]
    assert [file for file in strays if not Path(file).name.startswith("test_")] == []
