#!/usr/bin/env python3
"""Luodi from a fresh checkout: `python3 run.py demo`, `python3 run.py test`, or any other word of the luodi command.

Makes .venv, installs exactly what the lock files name, then hands over. Standard library only.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
UV = "uv==0.13.9"
# these words need the tools that check and test
TESTING = {"test", "check", "messages"}


def stop(zh, en):
    sys.exit(f"{zh} / {en}")


def call(*command):
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL).returncode == 0


def make_venv():
    if PYTHON.exists():
        return
    print("创建 .venv / making .venv", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for module in ("venv", "virtualenv"):
        done = subprocess.run([sys.executable, "-m", module, str(VENV)], **quiet)
        if done.returncode == 0 and call(PYTHON, "-c", "import pip"):
            return
    subprocess.run(["rm", "-rf", str(VENV)])
    stop(
        "本机 Python 不带 venv，请运行：apt-get install -y python3-venv",
        "no venv here: apt-get install -y python3-venv",
    )


def install(lock):
    """Bring .venv to the lock; the stamp makes a second start cost nothing."""
    stamp, digest = VENV / "luodi.lock", hashlib.sha256(lock.read_bytes()).hexdigest()
    installed = stamp.read_text().split() if stamp.exists() else []
    if digest in installed:
        return
    print(f"安装 {lock.name} / installing", flush=True)
    os.environ.setdefault("UV_SYSTEM_CERTS", "1")  # a hospital's proxy has a certificate that only the system knows
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "-q"]
    uv = [PYTHON, "-m", "uv", "pip"]
    by_uv = call(*pip, "install", UV) and call(*uv, "sync", "-q", "--python", PYTHON, "--require-hashes", lock)
    if not by_uv and not call(*pip, "install", "--require-hashes", "-r", lock):
        stop("依赖没有装上：请看上面的原因", "the dependencies could not be installed, see above")
    stamp.write_text(digest)


def main():
    if sys.version_info < (3, 11):
        stop("需要 Python 3.11 或更新", "Python 3.11 or newer is needed")
    words = sys.argv[1:] or ["--help"]
    make_venv()
    test_lock, lock = HERE / "requirements-test.lock", HERE / "requirements.lock"
    # a checkout that has tested keeps its tools, also when its locks change: the test lock holds all of the other
    tested = any(PYTHON.parent.glob("pytest*"))
    install(test_lock if tested or words[0] in TESTING else lock)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    os.execv(PYTHON, [str(PYTHON), "-m", "luodi", *words])


if __name__ == "__main__":
    main()
