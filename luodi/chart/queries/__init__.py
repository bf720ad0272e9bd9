"""Public readers of the room: plain values, opened one patient at a time."""

from .banner import banner, banners, may_bear
from .encounters import bed_of, beds_of, encounter, encounters_of, open_encounters, standing
from .record import (
    allergies,
    allergies_stated_since,
    diagnoses,
    last_entry,
    latest,
    latest_of,
    measured_codes,
    note_versions,
    notes,
    observed,
    previous_notes,
    problems,
    trend,
)
from .snapshot import snapshot
from .timeline import timeline

__all__ = [
    "allergies",
    "allergies_stated_since",
    "banner",
    "banners",
    "bed_of",
    "beds_of",
    "diagnoses",
    "encounter",
    "encounters_of",
    "last_entry",
    "latest",
    "latest_of",
    "may_bear",
    "measured_codes",
    "note_versions",
    "notes",
    "observed",
    "open_encounters",
    "previous_notes",
    "problems",
    "snapshot",
    "standing",
    "timeline",
    "trend",
]
