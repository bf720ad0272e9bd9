"""历: what happened to a patient, in rows that are added to and never changed."""
