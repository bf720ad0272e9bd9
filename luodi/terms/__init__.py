"""Terms: medicines, diagnoses, laboratory items and rule sets, all of them data with a source, a status and effective dates."""
