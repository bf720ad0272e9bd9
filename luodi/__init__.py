"""Luodi (落地): hospital software that proves its own go-live."""

__version__ = "0.1.0"
