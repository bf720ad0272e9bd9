"""退药 by the ward: packages whose doses were not given go back to the pharmacy, which judges them."""

from luodi.orders import moving
from luodi.pharmacy import actions as pharmacy
from luodi.pharmacy import queries as packages
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

from .. import bedside, refusals


@act("ward.give_back", may="ward.receive")
def give_back(by: Actor, package: int, reason: str, *, intact: bool, idempotency: str = "") -> int:
    """Give a whole package back. reason: a code of pharmacy's `take_back.csv` for wards. Returns the return's pk.

    idempotency: a token of the form. Raises BedsideRefused where a dose was given out of it, pharmacy's BadReturn,
    TokenUsed.
    """
    found = packages.packs([package]).get(package)
    if found is None:
        raise refusals.no(refusals.NO_PACKAGE)
    about("prescription", found.prescription, patient=found.patient)
    moving.hold(found.prescription)  # a dose that is being given out of it ends first
    bedside.tell_package_given(package)
    made = pharmacy.give_back(by, package, reason, intact=intact, idempotency=idempotency)
    evidence(package=package, reason=reason, ret=made, dose=found.task)
    return made
