"""床: beds, the bedside scan, and what was given."""
