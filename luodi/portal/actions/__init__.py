"""Public writers of the room."""

from .entering import log_in, log_out, new_code
from .people import add, admit, drop, expel
from .rating import rate
from .rights import agree, ask_correction, download, end_correction
from .standing import identify
from .telling import tell

__all__ = [
    "add",
    "admit",
    "agree",
    "ask_correction",
    "download",
    "drop",
    "end_correction",
    "expel",
    "identify",
    "log_in",
    "log_out",
    "new_code",
    "rate",
    "tell",
]
