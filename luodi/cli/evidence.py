"""`luodi ledger …`: verification and the head."""

from luodi.cli.say import Stop, say, tell
from luodi.trust import ledger


def verify(first: int, last: int | None, *, as_json: bool) -> None:
    """Verify and report. Raises Stop where an entry is not what was sealed."""
    verdict = ledger.verify(first, last)
    facts = verdict._asdict() | {"ok": verdict.ok, "fault": verdict.fault._asdict() if verdict.fault else None}
    if as_json:
        tell(facts)
    else:
        counted = f"{verdict.entries} 条 {verdict.blocks} 块，未封存 {verdict.unsealed} 条"
        say(
            f"已核对 {counted}", f"verified {verdict.entries} entries in {verdict.blocks} blocks to head {verdict.head}"
        )
    if verdict.fault:
        fault = verdict.fault
        raise Stop(
            f"账本第 {fault.position} 条（记录 {fault.entry}，块 {fault.block}）不是封存时的样子：{fault.what}",
            f"position {fault.position}, entry {fault.entry}, block {fault.block}: {fault.what}",
        )


def head(*, as_json: bool) -> None:
    """The anchor of this moment."""
    anchor = ledger.anchor()
    if as_json:
        tell(anchor._asdict())
    else:
        say(f"{anchor.head} {anchor.digest} {anchor.sealed_at}".strip())
