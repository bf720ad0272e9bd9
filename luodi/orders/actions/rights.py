"""处方权: what this hospital lets a person prescribe."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from luodi.orders import refusals
from luodi.orders.models import PrescribingRight
from luodi.trust import clock
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor


@act("prescribing_right.grant", may="post.grant")
def grant_right(
    by: Actor,
    staff: int,
    *,
    antibiotic_tier: int = 0,
    narcotic: bool = False,
    assistant: bool = False,
    trained_on: date,
    valid_to: date,
) -> int:
    """Grant, change or (with nothing granted) withdraw the prescribing rights of a person; the latest grant counts.

    antibiotic_tier: 0 none, 1 非限制, 2 限制, 3 特殊 (抗菌药物临床应用管理办法 art. 24).
    trained_on: day of the passed examination.
    """
    about("staff", staff)
    if not 0 <= antibiotic_tier <= 3 or trained_on > clock.today() or valid_to < trained_on:
        raise refusals.unknown("right_absurd", _("处方权填写有误：请检查级别和日期。"))
    last = PrescribingRight.objects.filter(staff=staff).order_by("-pk").first()
    granted = (antibiotic_tier, narcotic, assistant, trained_on, valid_to)
    if last is not None and granted == (
        last.antibiotic_tier, last.narcotic, last.assistant, last.trained_on, last.valid_to
    ):  # fmt: skip
        evidence(antibiotic_tier=antibiotic_tier, narcotic=narcotic, assistant=assistant, repeated=True)
        return last.pk
    row = PrescribingRight.objects.create(
        staff_id=staff,
        antibiotic_tier=antibiotic_tier,
        narcotic=narcotic,
        assistant=assistant,
        trained_on=trained_on,
        since=clock.now(),
        valid_to=valid_to,
    )
    evidence(antibiotic_tier=antibiotic_tier, narcotic=narcotic, assistant=assistant, valid_to=valid_to)
    return row.pk
