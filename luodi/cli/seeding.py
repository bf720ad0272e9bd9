"""Fills a demo or trial hospital: master data, people, and synthetic work."""

from decimal import Decimal
from typing import Any

from django.conf import settings

from luodi.cli.say import Stop, say


def _synthetic_allowed() -> None:
    if settings.LUODI.mode == "production":
        raise Stop("生产环境不接受合成数据", "a production hospital takes no synthetic data")


def fill() -> None:
    """Units, people, master data, sessions, beds and opening stock. Raises Stop in production."""
    _synthetic_allowed()
    from luodi.simulator import seed

    seed.hospital()


def work_through(visits: int, days: int, number: int, *, quiet: bool = False) -> dict[str, Any]:
    """Simulated visits with a progress bar on standard error; returns the summary. Raises Stop in production."""
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
    """Work of the last hour, left open on every worklist. Raises Stop in production."""
    _synthetic_allowed()
    from luodi.simulator import close

    close(seed=number)


def new_day(number: int) -> None:
    """Bring a demo of an earlier day to today; one of today is left as it is. Raises Stop in production.

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
