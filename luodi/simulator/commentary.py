"""处方点评 of the days that are over: drawn, given out, and a part of it judged, so that every list holds some work."""

from datetime import timedelta

from luodi.commentary import actions, queries
from luodi.commentary.refusals import BadDraw, DrawnBefore
from luodi.commentary.typed import Given
from luodi.simulator.crew import Crew
from luodi.trust import clock

DAYS = 7
LEFT = 6  # assignments of each commentator that nobody has judged yet
CODES = ("1-10", "2-5", "1-12", "2-1")
EVERY = 7  # of one case in so many there is something to say


def play(crew: Crew) -> int:
    """Draw the outpatient sample of the last week and judge most of it; returns how many were judged.

    Nothing is drawn where no whole day is over yet, or where it was drawn before.
    """
    last = clock.today() - timedelta(days=1)
    try:
        sample = actions.draw(crew("pharmhead1"), "outpatient", last - timedelta(days=DAYS - 1), last)
    except (BadDraw, DrawnBefore):
        return 0
    logins = crew.logins("clinical_pharmacist")
    actions.assign(crew("pharmhead1"), sample, [crew.staff(login) for login in logins])
    judged = 0
    for login in logins:
        mine = queries.mine(crew.staff(login))
        for assignment in mine[: max(len(mine) - LEFT, len(mine) // 2)]:
            place = assignment.case.place
            said = [Given(CODES[place // EVERY % len(CODES)], 0)] if place % EVERY == 1 else []
            actions.comment(crew(login), assignment.pk, said)
            judged += 1
    _objected(crew)
    return judged


def _objected(crew: Crew) -> None:
    """One doctor objects to the first comment that may be answered; the others still may."""
    for login in crew.logins("doctor"):
        for judged in queries.told(crew.staff(login)):
            actions.state(crew(login), judged.case.pk, objects=True, text="病历中写有理由，请复核。")
            return
