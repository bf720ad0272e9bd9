"""What `luodi check` runs over the source."""

import os
import subprocess
import sys
from pathlib import Path

from luodi.cli.place import ROOT
from luodi.cli.say import mark, say

_BIN = Path(sys.executable).parent
CHECKS = {
    "格式 format": [str(_BIN / "ruff"), "format", "--check", "-q", "."],
    "规范 lint": [str(_BIN / "ruff"), "check", "-q", "."],
    "类型 types": [str(_BIN / "mypy"), "--no-error-summary"],
    "楼层 floors": [str(_BIN / "lint-imports")],
    "文案 texts": [sys.executable, "-m", "luodi", "messages", "--check"],
}


def run() -> int:
    """Run every check, show what each found; returns how many failed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LUODI_")}
    environment |= {"LUODI_MODE": "test", "LUODI_SECRET": "for-the-type-checker-alone-" * 3, "NO_COLOR": "1"}
    failed = 0
    for name, command in CHECKS.items():
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)  # noqa: S603
        mark(done.returncode == 0, name)
        if done.returncode:
            failed += 1
            say((done.stdout + done.stderr).strip()[-4000:])
    return failed
