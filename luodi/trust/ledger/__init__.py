"""The ledger: every act, refusal, reading and login, in one order that can be verified."""

from luodi.trust.ledger.feed import Line, entries, latest
from luodi.trust.ledger.recording import append, new_id, record, record_refused
from luodi.trust.ledger.sealing import head, seal
from luodi.trust.ledger.verifying import Fault, Verdict, verify

__all__ = [
    "Fault",
    "Line",
    "Verdict",
    "append",
    "entries",
    "head",
    "latest",
    "new_id",
    "record",
    "record_refused",
    "seal",
    "verify",
]
