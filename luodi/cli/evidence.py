"""`luodi ledger …`: verification and the head."""

from luodi.cli.say import Stop, say, tell
from luodi.trust import ledger


def _noted(anchor: str) -> tuple[int, bytes] | None:
    """An anchor as it was noted, "BLOCK:DIGEST". Raises Stop for anything else."""
    if not anchor:
        return None
    block, _, digest = anchor.partition(":")
    try:
        return int(block), bytes.fromhex(digest)
    except ValueError:
        raise Stop("锚应写作 区块:摘要", "an anchor is written BLOCK:DIGEST", status=2) from None


def verify(first: int, last: int | None, anchor: str, *, as_json: bool) -> None:
    """Verify and report. Raises Stop where an entry is not what was sealed."""
    verdict = ledger.verify(first, last, _noted(anchor))
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
        say(f"{anchor.block}:{anchor.digest} 截至第 {anchor.head} 条 {anchor.sealed_at}".strip(), "BLOCK:DIGEST")


def measures(*, as_json: bool) -> None:
    """Every measure of the newest window."""
    from luodi.insight import queries

    readings = queries.as_json()
    if as_json:
        tell(readings)
        return
    for reading in readings:
        value = reading["value"] if reading["value"] is not None else "数据不足"
        counted = f"{reading['top']} / {reading['bottom']}"
        say(f"{reading['zh']} {value} {reading['unit']}（{counted}，账本至 {reading['head']}）", reading["en"])
