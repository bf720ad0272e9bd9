"""The words of the `luodi` command.

What reads tables is imported after the hospital is opened, and nothing heavy before a command runs.
"""

from pathlib import Path
from typing import Annotated

import typer

from luodi.cli.keys import app as keys
from luodi.cli.say import Stop, mark, say, tell

app = typer.Typer(
    help="Luodi 落地: hospital software that proves its own go-live.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ledger = typer.Typer(help="账本 The ledger: verify, head, seal.", no_args_is_help=True)
app.add_typer(ledger, name="ledger")
app.add_typer(keys, name="keys")

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 The hospital's one folder.")]
Json = Annotated[bool, typer.Option("--json", help="机器可读 For a program.")]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65534)]
Host = Annotated[str | None, typer.Option("--host")]


@app.command()
def demo(
    data: Data = None,
    port: Port = None,
    host: Host = None,
    anyone: Annotated[bool, typer.Option("--anyone", help="允许他人访问 Listen beyond this machine.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="重新生成 Make the demo hospital anew.")] = False,
) -> None:
    """演示 Make and serve a demo hospital with synthetic patients."""
    from luodi.cli.demo import run

    run(data, port=port, host=host, anyone=anyone, fresh=fresh)


@app.command()
def serve(
    data: Data = None,
    port: Port = None,
    host: Host = None,
    only: Annotated[str, typer.Option(help="web | live; 默认两者 both by default")] = "",
) -> None:
    """服务 Serve the web and live processes of a prepared hospital."""
    from luodi.cli.place import open_hospital

    if only not in ("", "web", "live"):
        raise Stop("--only 应为 web 或 live", "--only is web or live", status=2)
    open_hospital(data, port=port, host=host)
    from luodi.cli.processes import Crew, ready_to_serve

    ready_to_serve()
    Crew(web=only != "live", live=only != "web").run()


@app.command()
def worker(data: Data = None, every: Annotated[float, typer.Option(help="秒 Seconds between rounds.")] = 1.0) -> None:
    """后台 Seal the ledger and fold in what waited in the spool."""
    from luodi.cli.place import open_hospital

    open_hospital(data)
    from luodi.cli.work import run

    run(every)


@app.command()
def migrate(data: Data = None) -> None:
    """升级数据库 Bring the database to this version."""
    from luodi.cli.place import open_hospital, prepare_database

    open_hospital(data)
    prepare_database()
    say("数据库已是本版本", "the database is at this version")


@app.command()
def seed(data: Data = None) -> None:
    """主数据 Load the master data into an empty hospital; the demo's people too, in a demo alone."""
    from luodi.cli.place import open_hospital, prepare_database
    from luodi.cli.seeding import fill

    open_hospital(data)
    prepare_database()
    fill()


@app.command()
def administrator(
    login: str,
    name: str,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    data: Data = None,
) -> None:
    """首位系统管理员 Make the first system administrator of a new hospital; the password is changed at first login."""
    from luodi.cli.place import open_hospital

    open_hospital(data)
    from luodi.trust import founding

    try:
        founding.first_administrator(login, name, password)
    except ValueError:
        raise Stop("已有系统管理员", "there is a system administrator already") from None
    say(f"已建立系统管理员 {login.lower()}", "made; everybody else is made on the screen of accounts")


@app.command()
def measures(data: Data = None, json: Json = False) -> None:
    """指标 The measures of the newest window, with numerator, denominator and ledger head."""
    from luodi.cli.place import open_hospital

    open_hospital(data)
    from luodi.cli.evidence import measures as show

    show(as_json=json)


@app.command()
def simulate(
    visits: Annotated[int, typer.Option(min=1)] = 100,
    days: Annotated[int, typer.Option(min=1)] = 1,
    seed: Annotated[int, typer.Option()] = 1,
    data: Data = None,
    json: Json = False,
) -> None:
    """模拟 Work through synthetic visits by the same actions as the screens (demo alone)."""
    from luodi.cli.place import open_hospital
    from luodi.cli.seeding import tell_summary, work_through

    open_hospital(data)
    summary = work_through(visits, days, seed, quiet=json)
    if json:
        tell(summary)
    else:
        tell_summary(summary)


@app.command()
def check() -> None:
    """检查 Format, types, floors and texts of the source."""
    from luodi.cli.checks import run

    if failed := run():
        raise Stop(f"{failed} 项未通过", f"{failed} failed")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option("--quick", help="无浏览器与 PostgreSQL Neither browser nor PostgreSQL.")
    ] = False,
    deep: Annotated[bool, typer.Option("--deep", help="长版本 The long variants too.")] = False,
) -> None:
    """测试 Install what the tests need where that is allowed, and run them all; further words go to pytest."""
    from luodi.cli.testing import run

    raise typer.Exit(run(quick=quick, deep=deep, words=context.args))


@app.command()
def bench(
    name: str,
    quick: Annotated[bool, typer.Option("--quick", help="40 秒内 Ends within 40 s.")] = False,
    engine: Annotated[str, typer.Option(help="sqlite | postgresql")] = "sqlite",
) -> None:
    """基准 Run a benchmark; its last line is one JSON object."""
    from luodi.cli.bench import run

    run(name, quick=quick, engine=engine)


@app.command()
def backup(into: Path, data: Data = None, with_keys: Annotated[bool, typer.Option("--with-keys")] = False) -> None:
    """备份 Write a consistent copy with its digest and ledger head into a new folder."""
    from luodi.cli.backup import backup as write_backup
    from luodi.cli.place import open_hospital

    folder = write_backup(open_hospital(data), into, with_keys=with_keys)
    say(f"备份完成：{folder}", "backed up")


@app.command()
def restore(
    source: Path,
    data: Data = None,
    keys: Annotated[Path | None, typer.Option(help="密钥目录 Folder with root.key and secret.key.")] = None,
) -> None:
    """恢复 Restore a backup into an empty folder and verify its ledger."""
    from luodi.cli.restore import restore as read_backup

    say(*read_backup(source, data, keys))


@app.command()
def doctor(data: Data = None, json: Json = False) -> None:
    """体检 What this machine lacks, and the command that mends it."""
    from luodi.cli.doctor import examine

    findings = examine(data)
    if json:
        tell([finding._asdict() for finding in findings])
    else:
        for finding in findings:
            mark(finding.good, f"{finding.what}{'' if finding.good else ' → ' + finding.mend}")
    if any(finding.needed and not finding.good for finding in findings):
        raise typer.Exit(1)


@app.command()
def messages(
    check: Annotated[bool, typer.Option("--check", help="只检查 Change nothing.")] = False,
    merge: Annotated[list[Path] | None, typer.Option(help="并入 Take translations from these files too.")] = None,
) -> None:
    """文案 Gather the texts, keep their English, compile."""
    from luodi.cli import messages as catalogue

    if not check:
        catalogue.renew(*(merge or ()))
    faults = catalogue.faults()
    for fault in faults:
        say(fault)
    if faults:
        raise Stop(f"{len(faults)} 条文案待处理", f"{len(faults)} texts want attention")


@ledger.command("verify")
def ledger_verify(
    first: int = 1,
    last: int | None = None,
    anchor: Annotated[str, typer.Option(help="此前记下的 区块:摘要 BLOCK:DIGEST noted outside earlier.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """校验 Recompute everything; name the first entry that is not what was sealed."""
    from luodi.cli.place import open_hospital

    open_hospital(data)
    from luodi.cli.evidence import verify

    verify(first, last, anchor, as_json=json)


@ledger.command("head")
def ledger_head(data: Data = None, json: Json = False) -> None:
    """链头 The head to print or send outside."""
    from luodi.cli.place import open_hospital

    open_hospital(data)
    from luodi.cli.evidence import head

    head(as_json=json)


@ledger.command("seal")
def ledger_seal(data: Data = None) -> None:
    """封存 Seal what is settled now."""
    from luodi.cli.place import open_hospital

    open_hospital(data)
    from luodi.trust import ledger as book

    say(f"已封存到第 {book.seal()} 条", "sealed up to this entry")
