"""Log lines that cannot carry a patient: where and what kind, never what was typed or shown."""

import logging
import traceback
from typing import Any


class Line(logging.Formatter):
    """Time, level, logger and message; of an exception its type and the places it passed, without its message.

    Messages of foreign exceptions quote the values that offended them, and Django's request records hold the request.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django"):
            record = logging.makeLogRecord(record.__dict__ | {"msg": _where(record), "args": None})
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the standard library's name)
        kind, _fault, trace = ei
        places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(trace)[-6:]))
        return f"{kind.__name__} at {places}"


def _where(record: logging.LogRecord) -> str:
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    status = getattr(record, "status_code", "")
    return f"{status} {match.view_name if match else 'no screen'}".strip()
