"""Thin screens: parse, one action or query, render."""
