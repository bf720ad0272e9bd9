"""The column types of quantities of medicine and of money, for every room that books one."""

from typing import Any

from django.db import models


def quantity(**extra: Any) -> models.DecimalField:
    """A quantity in the medicine's pack unit (片, 支, 瓶), to a thousandth, so that part of a vial can be booked."""
    return models.DecimalField(max_digits=12, decimal_places=3, **extra)


def money(**extra: Any) -> models.DecimalField:
    """A value in yuan to a ten-thousandth: a tablet may cost less than a fen."""
    return models.DecimalField(max_digits=16, decimal_places=4, **extra)
