"""What a patient thought of a visit."""

from collections.abc import Mapping

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.patients import queries as patients
from luodi.patients import written
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from .. import policy, queries
from ..models import Answer, Survey
from ..refusals import Invalid, NotToBeRated
from ..verified import require_verified

WORDS = "portal.survey"


@act("portal.rate", may="appointment.own")
def rate(by: Actor, encounter: int, answers: Mapping[str, int], *, nps: int | None = None, words: str = "") -> None:
    """Rate a visit, once: every question 1 to 5, `nps` 0 to 10 if answered.

    Raises NotToBeRated, NotYours, NotVerified, Invalid, Unreadable.
    """
    visit = queries.rateable(encounter)
    if visit is None:
        raise NotToBeRated
    require_verified(by, visit.patient)
    asked = policy.questions()
    if answers.keys() != asked.keys() or any(not 1 <= value <= 5 for value in answers.values()):
        raise Invalid("answers", _("请回答每一个问题。"))
    if nps is not None and not 0 <= nps <= 10:
        raise Invalid("nps", _("推荐程度为 0 到 10。"), "nps")
    said = written.body(words, longest=1000, field="words")
    about("encounter", encounter, visit.patient, care=False)
    sealed = patients.seal_for(visit.patient, said, WORDS) if said else None
    try:
        made = Survey.objects.create(encounter_id=encounter, account_id=by.account, nps=nps, words=sealed, at=now())
    except IntegrityError:
        raise NotToBeRated from None
    Answer.objects.bulk_create(Answer(survey=made, question=code, value=value) for code, value in answers.items())
    evidence(answers=dict(answers), nps=nps, words=bool(said))
