"""库: lots and their movements."""
