"""What the worker does for the committee, round after round: replays, launches whose time has come, override rates."""

import logging

from luodi.committee import actions, queries, refusals
from luodi.committee.models import Launch
from luodi.terms import actions as terms
from luodi.trust.actor import Actor
from luodi.trust.refusal import Refusal

log = logging.getLogger("luodi.committee")


def turn(by: Actor) -> None:
    """One round. What is refused is logged by its code and tried again in the next."""
    for replay in queries.unfinished()[:1]:
        _go_on(by, replay)
    for launch in queries.due():
        carry_out(by, launch)
    if not queries.surveyed_today():
        actions.survey(by)


def _go_on(by: Actor, replay: int) -> None:
    try:
        actions.go_on(by, replay)
    except Refusal as refusal:
        log.warning("a replay waits: %s", refusal.code)


def carry_out(by: Actor, launch: int) -> bool:
    """Put an arranged version in force; False where that is refused, which calls the arrangement off and says why.

    Reading the files and building the rows runs before the lock, so this is two acts; where the program ended between
    them, the second is made up in the next round.
    """
    row = Launch.objects.filter(pk=launch).first()
    if row is None:
        raise refusals.NotFound
    try:
        terms.enact(by, row.version_id, queries.warrants(row.version_id), row.reason)
    except terms.AlreadyLive:
        log.info("a version is in force already")
    except Refusal as refusal:
        log.warning("a launch is refused: %s", refusal.code)
        actions.withdraw(by, launch, str(refusal.message))
        return False
    actions.launched(by, launch)
    return True
