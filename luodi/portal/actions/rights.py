"""What a person may ask of the hospital about their own data (个人信息保护法 art. 15, 45, 46)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.patients import queries as patients
from luodi.patients import written
from luodi.trust import access
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from .. import policy, queries
from ..models import Consent, Correction, CorrectionEnd
from ..queries.desk import WISH, WORDS
from ..refusals import CorrectionMoved, Invalid
from ..verified import require_verified


@act("portal.consent", may="appointment.own")
def agree(by: Actor, code: str, *, given: bool) -> None:
    """Agree to a text in its version of today, or no longer. Again for nothing. Raises Invalid."""
    text = policy.consents().get(code)
    about("portal_account", by.account)
    if text is None:
        raise Invalid("consent", _("没有这份文本。"))
    last = queries.consent(by.account, code)
    if last == (text.version, given):
        evidence(repeated=True)
        return
    Consent.objects.create(account_id=by.account, code=code, version=text.version, given=given, at=now())
    evidence(consent=code, version=text.version, given=given)


@act("portal.download", may="portal.read")
def download(by: Actor, patient: int) -> dict[str, Any]:
    """Everything of the patient that the portal shows, as plain data for a file. Raises NotVerified, NotYours."""
    require_verified(by, patient)
    about("patient", patient, patient)
    found = queries.everything(patient)
    evidence(visits=len(found["visits"]))
    return found


@act("portal.correction", may="appointment.own")
def ask_correction(by: Actor, patient: int, wish: str) -> int:
    """Ask the desk to put something in the identity right. Raises Invalid, Unreadable, NotYours."""
    access.require_bond(by, patient)
    words = written.line(wish, longest=300, field="wish")
    if not words:
        raise Invalid("wish", _("请写明哪一项不对，应当是什么。"), "wish")
    about("patient", patient, patient, care=False)
    row = Correction.objects.create(
        patient_id=patient, account_id=by.account, wish=patients.seal_for(patient, words, WISH), at=now()
    )
    evidence(correction=row.pk)
    return int(row.pk)


@act("portal.correction.end", may="identity.correct")
def end_correction(by: Actor, correction: int, *, done: bool, words: str) -> None:
    """The desk says what it did. Raises CorrectionMoved, Invalid, Unreadable."""
    row = Correction.objects.select_for_update().filter(pk=correction, end=None).first()
    if row is None:
        raise CorrectionMoved
    answer = written.line(words, longest=300, field="words")
    if not answer:
        raise Invalid("words", _("请写明处理结果，患者会看到。"), "words")
    about("patient", row.patient_id, row.patient_id, care=False)
    sealed = patients.seal_for(row.patient_id, answer, WORDS)
    CorrectionEnd.objects.create(correction=row, done=done, words=sealed, staff_id=by.staff, at=now())
    evidence(correction=correction, done=done)
