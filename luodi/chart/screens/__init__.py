"""The doctor's desk, the record, the printed sheet."""
