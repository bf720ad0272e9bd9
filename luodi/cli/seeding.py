"""Fills a demo or trial hospital: master data, people, and synthetic work."""

from typing import Any

from django.conf import settings

from luodi.cli.say import Stop


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
    return dict(summary._asdict())
