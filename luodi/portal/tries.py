"""Counting what was asked today, so that nobody floods a telephone or guesses through a list: the database judges."""

from datetime import timedelta

from django.db.models import F, Q

from luodi.trust import vault
from luodi.trust.clock import now, today

from .models import Tries
from .refusals import TooOften, TooSoon


def count(kind: str, who: str, most: int, *, gap: int = 0) -> None:
    """Count one more of `kind` for `who` today, inside an act. Raises TooOften, TooSoon within `gap` seconds."""
    moment = now()
    mine = Tries.objects.get_or_create(kind=kind, value=vault.blind(who, index=f"tries-{kind}"), day=today())[0]
    # the last one ahead of now: the clock was set back, and nobody waits for it to catch up
    free = Q(last=None) | Q(last__lte=moment - timedelta(seconds=gap)) | Q(last__gt=moment)
    if Tries.objects.filter(free, pk=mine.pk, count__lt=most).update(count=F("count") + 1, last=moment):
        return
    row = Tries.objects.get(pk=mine.pk)
    if row.count >= most or row.last is None:
        raise TooOften(facts={"kind": kind})
    raise TooSoon(max(1, gap - int((moment - row.last).total_seconds())))
