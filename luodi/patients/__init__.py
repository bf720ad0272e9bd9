"""人: who a patient is, sealed under a key of their own, and how they are found again."""
