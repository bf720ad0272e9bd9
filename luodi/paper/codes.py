"""Barcodes and QR codes as inline SVG.

Drawn here because the security policy forbids the inline styles that the libraries' own writers emit.
The libraries give the bits.
"""

from xml.sax.saxutils import escape

import segno
from barcode.codex import Code128
from barcode.errors import BarcodeError
from django.utils.safestring import SafeString, mark_safe

QUIET = 10
"""Empty modules on each side of a Code 128, as ISO/IEC 15417 asks."""

MODULE = 2
"""Width of a module in the drawing's units."""


class _Code128(Code128):
    """The library takes a leading 99, a pair of digits, for the symbol that switches to pairs, and drops it."""

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        return encoded if self.code.startswith("99") else super()._try_to_optimize(encoded)


def code128(value: str, *, text: bool = True, height: int = 48) -> SafeString:
    """Code 128 of ASCII `value`; two pixels a module. Raises ValueError for a value the code cannot carry."""
    try:
        bits = _Code128(value).build()[0]
    except (BarcodeError, KeyError) as wrong:
        raise ValueError("Code 128 carries ASCII characters alone") from wrong
    width = (len(bits) + 2 * QUIET) * MODULE
    caption = 14 if text else 0
    bars = "".join(
        f"M{(QUIET + start) * MODULE} 0h{length * MODULE}v{height}h-{length * MODULE}z" for start, length in _runs(bits)
    )
    label = escape(value, {'"': "&quot;"})
    words = (
        f'<text x="{width / 2:g}" y="{height + 12}" text-anchor="middle" font-size="12" fill="#000">{label}</text>'
        if text
        else ""
    )
    return mark_safe(  # noqa: S308 - numbers and one escaped label
        f'<svg class="barcode" role="img" aria-label="{label}" width="{width}" height="{height + caption}" '
        f'viewBox="0 0 {width} {height + caption}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{width}v{height + caption}h-{width}z"/><path fill="#000" d="{bars}"/>{words}</svg>'
    )


def qr(value: str, size: int = 96) -> SafeString:
    """QR code with error correction M and its quiet zone."""
    code = segno.make(value, error="m", micro=False)
    side = code.symbol_size(scale=1)[0]
    path = "".join(
        f"M{start} {y}h{length}v1h-{length}z"
        for y, line in enumerate(code.matrix_iter(scale=1))
        for start, length in _runs("".join("1" if dark else "0" for dark in line))
    )
    return mark_safe(  # noqa: S308 - numbers alone
        f'<svg class="qr" role="img" aria-label="QR" width="{int(size)}" height="{int(size)}" '
        f'viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>'
    )


def _runs(bits: str) -> list[tuple[int, int]]:
    """Start and length of each run of ones."""
    runs, start = [], None
    for index, bit in enumerate(bits + "0"):
        if bit == "1" and start is None:
            start = index
        elif bit == "0" and start is not None:
            runs.append((start, index - start))
            start = None
    return runs
