"""PDF of a template: Typst sets the page, the fonts travel with the product, nothing is written or fetched."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from typst import Compiler

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "paper" / "typst"
# One compiler keeps the fonts parsed; it sets one sheet at a time.
_ONE_AT_A_TIME = Lock()


class Unprintable(ValueError):
    """The template and its values do not fit: a mistake of the program, never of who prints."""


def pdf(template: Path, values: dict[str, Any], *, made: datetime) -> bytes:
    """The sheet as PDF/A-2b.

    `template`: a .typ file below the package; `values`: text, whole numbers, truth values, None, lists and dicts of
    such, all numbers with a fraction already written as they are to be read. `made`: aware time of the document; the
    same template, values and time give the same bytes. Raises Unprintable when the template refuses the values.
    """
    return _set(template, values, made, "pdf")[0]


def picture(template: Path, values: dict[str, Any], *, made: datetime, ppi: int = 110) -> list[bytes]:
    """The pages of the same sheet as PNG, to look at on a screen."""
    return _set(template, values, made, "png", float(ppi))


def _set(
    template: Path, values: dict[str, Any], made: datetime, kind: Literal["pdf", "png"], ppi: float | None = None
) -> list[bytes]:
    text = json.dumps(values, ensure_ascii=False, allow_nan=False)
    with _ONE_AT_A_TIME:
        try:
            pages = _compiler().compile(
                str(template),
                format=kind,
                ppi=ppi,
                sys_inputs={"values": text},
                timestamp=made.astimezone(UTC).replace(microsecond=0),
                pdf_standards=["a-2b"] if kind == "pdf" else [],
            )
        except RuntimeError as refused:
            # Typst quotes the template, never the values, which may be a patient's
            raise Unprintable(f"{template.name}: {str(refused).splitlines()[0][:120]}") from None
    return [page for page in (pages if isinstance(pages, list) else [pages]) if page is not None]


@cache
def _compiler() -> "Compiler":
    # Imported on the first sheet: a process that prints nothing does not carry the typesetter.
    import pylopdf_fonts_zh_cn as fonts
    import typst

    return typst.Compiler(
        str(TEMPLATES / "page.typ"),
        root=str(ROOT),
        font_paths=[str(fonts.sans_path().parent)],
        ignore_system_fonts=True,
    )
