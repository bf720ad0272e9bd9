"""Screens of the commentary."""
