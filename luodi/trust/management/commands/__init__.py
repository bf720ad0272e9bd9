"""Named by Django after their files."""
