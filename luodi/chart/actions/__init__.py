"""Public writers of the room."""

from .allergies import state_allergies
from .births import register_newborn
from .diagnoses import diagnose, withdraw_diagnosis
from .encounters import arrive, cancel_encounter, close_encounter, open_encounter, reclass
from .notes import note, write_up
from .observations import observe
from .stays import begin_stay, end_stay

__all__ = [
    "arrive",
    "begin_stay",
    "cancel_encounter",
    "close_encounter",
    "diagnose",
    "end_stay",
    "note",
    "observe",
    "open_encounter",
    "reclass",
    "register_newborn",
    "state_allergies",
    "withdraw_diagnosis",
    "write_up",
]
