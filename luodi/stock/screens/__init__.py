"""Screens of the store."""
