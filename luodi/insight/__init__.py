"""数: measures computed from sealed facts. One place computes a number, and every report calls it."""
