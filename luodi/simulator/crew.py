"""The staff at work: every actor has a real login session, begun anew each few hours of the simulated shift."""

from datetime import timedelta

from luodi.simulator.tables import rows
from luodi.trust import people, sessions
from luodi.trust.actor import Actor
from luodi.trust.clock import HOSPITAL_ZONE, now

PASSWORD = "Luodi-demo-2026"  # noqa: S105 - public by design: the demo shows it on its login page
# Below the signing window, so that a doctor who came in the morning still signs.
_SHIFT_HOURS = 3


class Crew:
    """Actors by login name of the demo's staff."""

    def __init__(self) -> None:
        everybody = [*rows("staff.csv"), *(row for row in rows("relief.csv") if people.is_login(row["login"]))]
        self._staff = {row["login"]: people.by_login(row["login"]) for row in everybody}
        self._posts = {row["login"]: (row["post"], row["unit"]) for row in everybody}
        self._units = {unit.code: unit.pk for unit in people.units()}
        self._open: dict[str, tuple[object, Actor]] = {}

    def unit(self, code: str) -> int:
        """Key of a unit by its code."""
        return self._units[code]

    def staff(self, login: str) -> int:
        """Staff id of a login name."""
        return self._staff[login]

    def logins(self, post: str, unit: str = "") -> list[str]:
        """Login names of a post, in a unit or anywhere."""
        return [login for login, held in self._posts.items() if held[0] == post and unit in ("", held[1])]

    def colleagues(self, login: str) -> list[str]:
        """Everybody who holds the person's post in the person's unit, the person among them."""
        return self.logins(*self._posts[login])

    def __call__(self, login: str) -> Actor:
        """The actor of a login name at this moment of the simulated clock."""
        local = now().astimezone(HOSPITAL_ZONE)
        shift = (local.date(), local.hour // _SHIFT_HOURS)
        held = self._open.get(login)
        if held is None or held[0] != shift:
            _token, row = sessions.begin(self._staff[login], "simulated")
            held = (shift, sessions.actor_of(row))
            self._open[login] = held
        return held[1]


def minutes(count: float) -> timedelta:
    """A span of minutes."""
    return timedelta(minutes=count)
