"""`luodi demo`: a hospital with a synthetic week behind it, on this machine alone."""

import shutil
from pathlib import Path

from luodi.cli.place import CONFIG, make_keys, open_hospital, point, prepare_database
from luodi.cli.say import Stop, say

_READY = "demo-ready"
_DESCRIBED = 'mode = "demo"\n'
VISITS, DAYS, SEED = 160, 7, 20261123


def run(data: Path | None, *, port: int | None, host: str | None, anyone: bool, fresh: bool) -> None:
    """Prepare where needed, then serve until Ctrl-C."""
    folder = point(data, mode="demo", port=port, host=host, anyone="1" if anyone else None)
    _own(folder)
    if fresh or not (folder / _READY).exists():
        _clear(folder)
    make_keys(folder)
    open_hospital(folder)
    say("演示系统：患者与数据均为合成，主数据未经审核，不得用于诊疗", "a demo with synthetic patients: not for care")
    _prepare(folder)
    from luodi.cli.processes import Crew, ready_to_serve

    ready_to_serve()
    Crew(web=True, live=True, worker=True).run()


def _own(folder: Path) -> None:
    """The folder is empty or a demo's; a real hospital's is never touched."""
    config = folder / CONFIG
    if config.exists():
        if config.read_text(encoding="utf-8") != _DESCRIBED:
            raise Stop(f"{folder} 不是演示数据目录", f"{folder} is no demo's folder", status=2)
        return
    if (folder / "hospital.sqlite3").exists() or (folder / "keys").exists():
        raise Stop(f"{folder} 里已有一家医院", f"{folder} holds a hospital already", status=2)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config.write_text(_DESCRIBED, encoding="utf-8")


def _clear(folder: Path) -> None:
    for path in folder.glob("hospital.sqlite3*"):
        path.unlink()
    for name in ("keys", "spool"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / _READY).unlink(missing_ok=True)


def _prepare(folder: Path) -> None:
    from luodi.cli.seeding import fill, last_hour, new_day, work_through
    from luodi.web.health import pending_migrations

    if (folder / _READY).exists():
        if pending_migrations():
            prepare_database()
        new_day(SEED)
        return

    say("第一次启动：建库、装载主数据、模拟一周工作……", "first start: a database, master data, a week of work…")
    prepare_database()
    fill()
    work_through(VISITS, DAYS, SEED)
    last_hour(SEED)
    (folder / _READY).touch()
