"""`luodi keys …`: the hospital's keys are made, shown, turned over, and ended."""

import os
import pwd
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from luodi.cli.say import Stop, say, tell

app = typer.Typer(help="密钥 Keys: make (without a word), show, rotate, move, change-root, destroy.")
Data = Annotated[Path | None, typer.Option("--data", help="数据目录 The hospital's one folder.")]
Json = Annotated[bool, typer.Option("--json", help="机器可读 For a program.")]

_STATES = {"active": "在用 active", "retired": "停用 retired", "destroyed": "已销毁 destroyed"}
_ROOTS = {"first": "", "behind": "，仍由原根密钥包裹 under the old root", "none": "，打不开 shut"}


@app.callback(invoke_without_command=True)
def make(context: typer.Context, data: Data = None) -> None:
    """密钥 Make the secret and the root key of a new hospital; further words show, turn over and end keys."""
    from luodi.cli.place import make_keys, point

    folder = point(data)  # a folder named before the word is meant for the word too
    if context.invoked_subcommand is not None:
        return
    made = make_keys(folder)
    for path in made:
        say(f"已生成 {path}，请另行备份", "made; keep a copy elsewhere")
    if not made:
        say("密钥已经存在，未改动", "keys exist, left as they are")


def _opened(data: Path | None) -> str:
    """Open the hospital; returns the account of this machine, for the evidence."""
    from luodi.cli.place import open_hospital

    open_hospital(data)
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _done(call: Callable[[], Any]) -> Any:
    """What the call returns. Raises Stop where the root keys of the setting open nothing, or one cannot be had."""
    from luodi.trust.vault.root import RootKeyUnavailable
    from luodi.trust.vault.sm import Forged

    try:
        return call()
    except RootKeyUnavailable as fault:
        raise Stop("根密钥不可用", str(fault)) from None
    except Forged:
        raise Stop(
            "设置中的根密钥打不开现有密钥，没有改动：先写新根密钥，再写原根密钥，用分号隔开",
            "no root key of the setting opens them: name the old one behind the new",
        ) from None


@app.command()
def show(data: Data = None, json: Json = False) -> None:
    """查看 Purposes, versions, states, and how many rows need each; never a key."""
    _opened(data)
    from luodi.trust.vault.versions import all_versions

    found = _done(all_versions)
    if json:
        tell([version._asdict() for version in found])
        return
    for one in found:
        held = "" if one.state == "destroyed" else f"，{one.hung} 项数据依赖 rows need it{_ROOTS[one.root]}"
        say(f"{one.purpose} v{one.version} {_STATES[one.state]}{held}")


def _move(purpose: str, account: str) -> int:
    """Everything of a purpose to its active version, batch by batch; returns how many rows or patients."""
    from luodi.patients.actions import reindex
    from luodi.trust.actions import move_key
    from luodi.trust.actor import system

    by = system("command")
    moved: int = _done(lambda: move_key(by, purpose, account=account))
    while purpose == "blind" and (batch := reindex(by)):
        moved += batch
    return moved


@app.command()
def rotate(purpose: str, data: Data = None, json: Json = False) -> None:
    """轮换 Make a new version of a purpose's key and move to it what hung on the old one; nothing stops."""
    account = _opened(data)
    from luodi.trust.actions import rotate_key
    from luodi.trust.actor import system

    version = _done(lambda: rotate_key(system("command"), purpose, account=account))
    again = _move(purpose, account) if purpose == "blind" else 0
    if json:
        tell({"purpose": purpose, "version": version, "patients": again})
    else:
        say(f"{purpose} 已轮换到 v{version}，旧版本仍可打开旧数据", "turned over; earlier versions still open")


@app.command()
def move(purpose: str, data: Data = None, json: Json = False) -> None:
    """迁移 Move to the active version what still hangs on earlier ones; again for nothing."""
    moved = _move(purpose, _opened(data))
    if json:
        tell({"purpose": purpose, "moved": moved})
    else:
        say(f"{purpose}：{moved} 项已改由在用版本保护", "moved to the active version")


@app.command("change-root")
def change_root(
    new: Annotated[str, typer.Option("--new", help="新根密钥 The new root key, file:/path or env:NAME.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """换根密钥 Wrap the hospital's keys by a new root key, which the setting names before the old one."""
    account = _opened(data)
    from django.conf import settings

    from luodi.trust.actions import change_root as act
    from luodi.trust.actor import system
    from luodi.trust.vault import root

    new, (first, *behind) = new.strip(), root.parted(settings.LUODI_ROOT_KEY)
    if new != first:
        _done(lambda: root.require_fit(f"{new}; {settings.LUODI_ROOT_KEY}"))
        raise Stop(
            f'第一步：把设置改为 root_key = "{new}; {settings.LUODI_ROOT_KEY}"，逐个重启各进程，再运行本命令',
            "nothing was changed: name both in the setting, restart the processes one by one, then run this again",
        )
    moved = _done(lambda: act(system("command"), account=account))
    if json:
        tell({"moved": moved, "behind": behind})
    elif behind:
        say(
            f"{moved} 个密钥改由新根密钥包裹；请从设置中去掉原根密钥并逐个重启",
            "wrapped; drop the old root and restart",
        )
    else:
        say("全部密钥已由新根密钥包裹，更换已完成", "every key is under the new root: the change has ended")


@app.command()
def destroy(
    purpose: str,
    version: int,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 For a program: do not ask.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """销毁 End a retired version on which nothing hangs, for ever."""
    account = _opened(data)
    from luodi.trust.actions import destroy_version
    from luodi.trust.actor import system

    if not yes:
        say(
            f"将永久销毁 {purpose} v{version}：此数据库中由它保护的内容再也打不开，无法撤销；旧备份自带密钥，仍能打开",
            "for ever: what it sealed in this database opens no more; a backup of before holds the key and still opens",
        )
        if typer.prompt("请再次输入用途 Type the purpose again", default="", show_default=False) != purpose:
            raise Stop("输入不一致，没有销毁", "not the same: nothing was destroyed")
    _done(lambda: destroy_version(system("command"), purpose, version, account=account))
    if json:
        tell({"purpose": purpose, "version": version, "destroyed": True})
    else:
        say(f"{purpose} v{version} 已销毁", "destroyed")
