"""Public readers of the room: what a patient may see, and what the desk has to do for patients."""

from .accounts import (
    Person,
    consent,
    consents,
    holders,
    missing_consents,
    people,
    person,
    phone_of,
)
from .care import (
    Line,
    Result,
    Slip,
    VisitCard,
    everything,
    rateable,
    result_rows,
    slips,
    visit,
    visits,
)
from .desk import CorrectionCard, corrections, corrections_of, to_correct, to_tell
from .offers import Day, Offer, days, offer, offers
from .today import Place, place, places

__all__ = [
    "CorrectionCard",
    "Day",
    "Line",
    "Offer",
    "Person",
    "Place",
    "Result",
    "Slip",
    "VisitCard",
    "consent",
    "consents",
    "corrections",
    "corrections_of",
    "days",
    "everything",
    "holders",
    "missing_consents",
    "offer",
    "offers",
    "people",
    "person",
    "phone_of",
    "place",
    "places",
    "rateable",
    "result_rows",
    "slips",
    "to_correct",
    "to_tell",
    "visit",
    "visits",
]
