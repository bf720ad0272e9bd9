"""人: who a patient is, sealed under a key of their own, and how they are found again."""

import os

# The table of phrases is for prose: in a name each character is read by itself, and it costs every process 45 MB.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
