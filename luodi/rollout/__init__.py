"""办: the project half. Gates weigh the hospital's own readings, and can be weighed again."""
