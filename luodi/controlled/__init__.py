"""Controlled drugs (麻醉药品、第一类精神药品): two persons, the book, the register, empties, daily reconciliation."""
