"""The synthetic hospital: its people and goods (`seed`), and days of work by the same acts that the screens call."""

from typing import Any


def simulate(**how: Any) -> Any:
    """See `running.simulate`; imported when it is called, since the rooms' tables come with it."""
    from luodi.simulator.running import simulate as run

    return run(**how)


def close(**how: Any) -> int:
    """See `closing.play`; imported when it is called, like `simulate`."""
    from luodi.simulator.closing import play

    return play(**how)
