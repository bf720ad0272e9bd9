"""`luodi test`: every part, on both databases, summed up in one line that cannot hide what did not run."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from typing import NamedTuple

from luodi.cli import doctor
from luodi.cli.place import ROOT
from luodi.cli.say import say

_COUNT = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")


class Part(NamedTuple):
    """One pytest run: its name, its words, its engine."""

    name: str
    words: list[str]
    engine: str = "sqlite"


def _parts(quick: bool, deep: bool, words: list[str]) -> list[Part]:
    far = ["--deep"] if deep else []
    if quick:
        return [
            Part("SQLite", ["-n", "2", "--dist", "worksteal", "--fast", "-m", "not journey and not slow", *far, *words])
        ]
    # the simulated week commits what it does: it has a database of its own
    apart = [] if words else ["--ignore=tests/simulator"]
    week = [] if words else [Part("Simulator", ["tests/simulator", *far])]
    return [
        Part("SQLite", ["-n", "2", "--dist", "worksteal", "-m", "not journey", *apart, *far, *words]),
        *week,
        Part("PostgreSQL", ["-n", "2", "--dist", "worksteal", "-m", "law", *far, *words], "postgresql"),
        Part("Chromium", ["-m", "journey", *far, *words]),
    ]


def _install() -> list[str]:
    """Install what is missing where this account may; returns the commands that are left to a person."""
    left = [finding.mend for finding in doctor.for_tests() if not finding.good]
    if not left or os.geteuid() != 0 or not shutil.which("apt-get"):
        return left
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    packages = [command.split()[-1] for command in left]
    say(f"安装测试所需：{' '.join(packages)}", "installing what the tests need")
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", *packages]):
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603
    return [finding.mend for finding in doctor.for_tests() if not finding.good]


def count(output: str) -> Counter[str]:
    """What pytest's closing line says: passed, failed (with errors), skipped. A run without such a line failed."""
    closing = next((line for line in reversed(output.splitlines()) if _COUNT.search(line)), "")
    found: Counter[str] = Counter()
    for number, word in _COUNT.findall(closing):
        found["failed" if word.startswith("error") else word] += int(number)
    return found


def _run(part: Part, *, chosen: bool) -> Counter[str]:
    say(f"\n── {part.name} ──")
    environment = os.environ | {"LUODI_TEST_ENGINE": part.engine, "PYTHONUNBUFFERED": "1"}
    if browser := doctor.chromium():
        environment.setdefault("LUODI_TEST_CHROMIUM", browser)
    # asked for twice, it would leave the closing line out
    quiet = [] if "-q" in part.words else ["-q"]
    command = [sys.executable, "-m", "pytest", *quiet, "-rf", "--color=no", *part.words]
    process = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        sys.stdout.write(line)
        sys.stdout.flush()
    status = process.wait()
    found = count("".join(lines[-20:]))
    # 5: no test was chosen, which only a person's own words may cause
    if status not in ((0, 5) if chosen else (0,)) and not found["failed"]:
        found["failed"] += 1
    return found


def run(*, quick: bool, deep: bool, words: list[str]) -> int:
    """Run everything; the last line counts it all. Returns the exit status."""
    total: Counter[str] = Counter()
    left = [] if quick else _install()
    for command in left:
        say(f"测试缺少所需，请运行：{command}", "the tests lack something, run this")
        total["failed"] += 1
    if not words:
        from luodi.cli.checks import CHECKS
        from luodi.cli.checks import run as check

        say("── luodi check ──")
        bad = check()
        total += Counter(passed=len(CHECKS) - bad, failed=bad)
    for part in _parts(quick, deep, words):
        needs = {"PostgreSQL": doctor.POSTGRESQL, "Chromium": doctor.CHROMIUM}.get(part.name)
        if needs not in left:
            total += _run(part, chosen=bool(words))
    if quick:
        say(
            "\n快速测试未含：浏览器、PostgreSQL、另起进程和模拟器的测试（python3 run.py test 全部运行）",
            "left out: browser, PostgreSQL, processes of their own, the simulator",
        )
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    say(f"\n{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if total["failed"] or not total["passed"] else 0
