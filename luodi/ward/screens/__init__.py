"""Screens of the ward: the board and its beds, prescriptions before the bedside, the rounds, vital signs."""

from . import beds, orders, rounds, signs

__all__ = ["beds", "orders", "rounds", "signs"]
