"""Break-glass (紧急访问): opened with a reason, for one patient, for a while, and looked at afterwards.

Readings of watched records are looked at in the same way.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from luodi.trust import policy
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import BreakGlass, BreakGlassReview, WatchedReading, WatchedReview
from luodi.trust.refusal import Refusal

SHORTEST = 5


@act("breakglass", may="breakglass.use")
def break_glass(by: Actor, patient: int, reason: str) -> int:
    """Open one patient's record to the actor for policy's hours; returns the grant.

    The same reason given again while the grant is in force is that grant. Raises Refusal without a reason.
    """
    reason = reason.strip()
    if len(reason) < SHORTEST:
        raise Refusal("reason_missing", _("请填写紧急访问的理由。"), _("至少写明紧急情况和用途。"), status=422)
    moment = now()
    held = BreakGlass.objects.filter(staff=by.staff, patient=patient, reason=reason[:300], until__gt=moment).first()
    if held is not None:
        about("breakglass", held.pk, patient=patient, care=False)
        evidence(repeated=True)
        return held.pk
    until = moment + timedelta(hours=policy.number("breakglass_hours"))
    row = BreakGlass.objects.create(staff_id=by.staff, patient=patient, reason=reason[:300], at=moment, until=until)
    about("breakglass", row.pk, patient=patient, care=False)
    evidence(until=until)
    return row.pk


@act("breakglass.review", may="breakglass.review")
def review_glass(by: Actor, glass: int, justified: bool, note: str = "") -> None:
    """Say whether a break-glass was justified; once. Raises Refusal where it was reviewed already."""
    row = BreakGlass.objects.get(pk=glass)
    if BreakGlassReview.objects.filter(glass=row).exists():
        raise Refusal("already_reviewed", _("这条紧急访问已经复核过。"), _("请刷新列表。"))
    BreakGlassReview.objects.create(glass=row, staff_id=by.staff, at=now(), justified=justified, note=note[:300])
    about("breakglass", row.pk, patient=row.patient, care=False)
    evidence(justified=justified)


@act("watched.review", may="breakglass.review")
def review_reading(by: Actor, reading: int, justified: bool, note: str = "") -> None:
    """Say whether the reading of a watched record was justified; once. Raises Refusal where it was reviewed already."""
    row = WatchedReading.objects.get(pk=reading)
    about("watched_reading", row.pk, patient=row.patient, care=False)
    if WatchedReview.objects.filter(reading=row).exists():
        raise Refusal("already_reviewed", _("这次查看已经复核过。"), _("请刷新列表。"))
    WatchedReview.objects.create(reading=row, staff_id=by.staff, at=now(), justified=justified, note=note[:300])
    evidence(justified=justified)
