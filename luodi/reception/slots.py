"""A slot is taken and given back, a number is given out. The database judges.

The session counts all slots, a quota those of a channel.
"""

from django.db.models import F, Q

from luodi.trust.question import NUMBER, TEXT, Change, Question

from .models import Quota, Session
from .refusals import ChannelFull, SlotTaken

_TAKE = Change(
    lambda pk: (
        Session.objects.filter(Q(capacity__isnull=True) | Q(taken__lt=F("capacity")), pk=pk),
        {"taken": F("taken") + 1},
    ),
    NUMBER,
)
_ISSUE = Change(lambda pk: (Session.objects.filter(pk=pk), {"issued": F("issued") + 1}), NUMBER)
_ISSUED = Question(lambda pk: Session.objects.filter(pk=pk).values_list("issued", flat=True), NUMBER)
_GIVE_BACK = Change(lambda pk: (Session.objects.filter(pk=pk), {"taken": F("taken") - 1}), NUMBER)
_QUOTAS = Question(lambda session: Quota.objects.filter(session=session), NUMBER)
_TAKE_OF = Change(
    lambda session, channel: (
        Quota.objects.filter(session=session, channel=channel, taken__lt=F("most")), {"taken": F("taken") + 1}
    ),
    NUMBER, TEXT,
)  # fmt: skip
_GIVE_BACK_TO = Change(lambda pk: (Quota.objects.filter(pk=pk), {"taken": F("taken") - 1}), NUMBER)


def take(session: int, channel: str) -> int | None:
    """Take one slot of a session: of the channel's own, else of everybody's; returns the key of that quota.

    None where the session keeps no slots apart. Raises SlotTaken, ChannelFull.
    """
    if not _TAKE.make(session):
        raise SlotTaken
    quotas = {quota.channel: quota for quota in _QUOTAS.all(session)}
    if not quotas:
        return None
    for mine in (channel, ""):
        if _TAKE_OF.make(session, mine):
            return int(quotas[mine].pk)
    raise ChannelFull(channel, sum(quota.most - quota.taken for quota in quotas.values()))


def issue(session: int) -> int:
    """The next number of a session, to be called by."""
    _ISSUE.make(session)
    return int(_ISSUED.all(session)[0])


def give_back(session: int, quota: int | None) -> None:
    """The slot is free again, for the channel that it was kept for."""
    _GIVE_BACK.make(session)
    if quota is not None:
        _GIVE_BACK_TO.make(quota)


def add(session: int) -> int | None:
    """One slot more than was planned, taken at once (加号); returns everybody's quota, where there is one."""
    Session.objects.filter(pk=session).update(capacity=F("capacity") + 1, taken=F("taken") + 1)
    Quota.objects.filter(session=session, channel="").update(most=F("most") + 1, taken=F("taken") + 1)
    return next((int(quota.pk) for quota in _QUOTAS.all(session) if not quota.channel), None)


def drop(session: int) -> None:
    """An added slot that nobody comes with is gone: it was the doctor's, and is not sold to another."""
    Session.objects.filter(pk=session).update(capacity=F("capacity") - 1, taken=F("taken") - 1)
    Quota.objects.filter(session=session, channel="").update(most=F("most") - 1, taken=F("taken") - 1)
