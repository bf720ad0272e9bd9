"""Screens of the trust room: login, account, administration, evidence."""

from luodi.trust.screens import account, administration, evidence, login

__all__ = ["account", "administration", "evidence", "login"]
