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
EVERY = 9  # one case in so many has something to say about


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
        for assignment in queries.mine(crew.staff(login))[:-LEFT]:
            place = assignment.case.place
            said = [Given(CODES[place // EVERY % len(CODES)], 0)] if place % EVERY == 0 else []
            actions.comment(crew(login), assignment.pk, said)
            judged += 1
    return judged
