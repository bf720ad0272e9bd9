"""What the product ships that others made: data sets and works, each with its source and licence."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Work(NamedTuple):
    """Something made by others that a page of ours contains."""

    title: str
    use: Promise | str
    licence: str


class Data(NamedTuple):
    """A shipped data set."""

    title: Promise | str
    source: Promise | str
    licence: Promise | str
    status: Promise | str


def works() -> tuple[Work, ...]:
    """Works in the pages. Icons, styles and scripts other than these are the project's own."""
    return (
        Work("htmx 2", _("页面片段"), "0BSD"),
        Work("django-htmx", _("随附 htmx 静态文件"), "MIT"),
        Work("segno", _("二维码"), "BSD-3-Clause"),
        Work("python-barcode", _("一维条码"), "MIT"),
    )


def data() -> tuple[Data, ...]:
    """Data sets that the product ships."""
    return ()
