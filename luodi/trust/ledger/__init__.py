"""The ledger: every act, refusal, reading and login, in one order that can be verified."""

from luodi.trust.actor import Ref
from luodi.trust.ledger.anchoring import Anchor, anchor
from luodi.trust.ledger.feed import Line, entries, latest, line
from luodi.trust.ledger.recording import append, new_id, record, record_refused
from luodi.trust.ledger.sealing import head, seal
from luodi.trust.ledger.verifying import Fault, Verdict, verify

__all__ = [
    "Anchor",
    "Fault",
    "Line",
    "Ref",
    "Verdict",
    "anchor",
    "append",
    "entries",
    "head",
    "latest",
    "line",
    "new_id",
    "record",
    "record_refused",
    "seal",
    "verify",
]
