"""Medicines, diagnoses, laboratory items and rule sets: data with a source, a status and effective dates."""
