"""Fills a new hospital: a demo with people and synthetic work, a trial with master data alone."""

from decimal import Decimal
from typing import Any

from django.conf import settings

from luodi.cli.say import Stop, say


def _synthetic_allowed() -> None:
    """The demo's passwords are public, and its patients are nobody: they belong in no other hospital."""
    if settings.LUODI.mode not in ("demo", "test"):
        raise Stop(
            "合成人员与就诊只用于演示：运行 luodi demo",
            "synthetic people and visits are for the demo: run `luodi demo`",
            status=2,
        )  # fmt: skip


def fill() -> None:
    """A demo's units, people, master data, sessions, beds and stock; a trial's master data.

    Raises Stop in production, where a person who may loads the master data on its screen and the committee approves.
    """
    if settings.LUODI.mode == "production":
        raise Stop(
            "生产环境的术语由有权限的人在“术语”页面载入，药事会批准后启用",
            "in production a person loads the terms on their screen, and the drug committee approves them",
            status=2,
        )
    if settings.LUODI.mode == "trial":
        _terms()
        return
    from luodi.simulator import seed

    seed.hospital()


def _terms() -> None:
    from luodi.terms import actions as terms
    from luodi.trust.actor import system

    loaded = terms.load(system("command"))
    say(
        f"术语已载入（{sum(loaded.counts.values())} 行，未经审核）；首位系统管理员：luodi administrator",
        "the terms are loaded; next: `luodi administrator`",
    )


def work_through(visits: int, days: int, number: int, *, quiet: bool = False) -> dict[str, Any]:
    """Simulated visits with a progress bar on standard error; returns the summary. Raises Stop outside a demo."""
    _synthetic_allowed()
    from rich.console import Console
    from rich.progress import Progress

    from luodi.simulator import simulate

    with Progress(console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("模拟就诊 / simulated visits", total=visits)
        summary = simulate(visits=visits, days=days, seed=number, progress=lambda: bar.advance(task))
    return as_told(summary)


def as_told(summary: Any) -> dict[str, Any]:
    """A summary as plain values, ready for JSON."""
    return summary._asdict() | {"measures": {code: each._asdict() for code, each in summary.measures.items()}}


def tell_summary(summary: dict[str, Any]) -> None:
    """One line a count, then one line a measure with numerator and denominator."""
    for name, value in summary.items():
        if name != "measures":
            say(f"{name}: {value}")
    for measure in summary["measures"].values():
        value = "数据不足" if measure["value"] is None else f"{Decimal(measure['value']):.2f} {measure['unit']}"
        top = round(Decimal(measure["top"]), 1).normalize()
        say(f"{measure['zh']} {value}（{top:f} / {measure['bottom']}）", measure["en"])


def last_hour(number: int) -> None:
    """Work of the last hour, left open on every worklist. Raises Stop outside a demo."""
    _synthetic_allowed()
    from luodi.simulator import close

    close(seed=number)


def new_day(number: int) -> None:
    """Bring a demo of an earlier day to today; one of today is left as it is. Raises Stop outside a demo.

    What was left open stays so: prescriptions have lapsed, queues were those of their day, doses are overdue. The
    roster goes on, and the last hour is worked, dated where nothing was written yet.
    """
    _synthetic_allowed()
    from luodi.simulator import closing, seed
    from luodi.simulator.crew import Crew
    from luodi.trust import clock, ledger
    from luodi.trust.refusal import Refusal

    last = next(ledger.entries(newest_first=True)).at
    if last.astimezone(clock.HOSPITAL_ZONE).date() >= clock.today() or last > closing.begins(clock.now()):
        return
    say(
        f"演示医院上次有人工作是 {last.astimezone(clock.HOSPITAL_ZONE):%Y-%m-%d %H:%M}：当时未完的处方已过有效期，"
        "漏给的药仍然挂着；现在补上最近一小时的工作（全新的一周请加 --fresh）",
        "nobody worked since: what was open has lapsed or is overdue; the last hour is worked now",
    )
    try:
        seed.roster(Crew())
        last_hour(number + clock.today().toordinal())
    except Refusal as refusal:
        say(f"这一小时没有补全：{refusal.message}", "the last hour is not complete; the demo goes on")
