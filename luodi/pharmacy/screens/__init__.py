"""Screens of the pharmacy: 审方, 配发药, 药库."""
