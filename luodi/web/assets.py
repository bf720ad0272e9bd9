"""Static files under names that hold their own digest, so that a browser may keep them for ever."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command

# htmx's extensions name modules that only a bundler resolves; no page uses them
UNUSED = ["ext", "htmx-4*", "htmax-4*"]


class Hashed(ManifestStaticFilesStorage):
    """Hashes the imports of script modules too."""

    support_js_module_import_aggregation = True


def collect() -> bool:
    """Bring the static files into the data folder if they changed since; True if anything was done."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    now = _digest()
    if stamp.exists() and stamp.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=UNUSED)
    stamp.write_text(now)
    return True


def _digest() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(UNUSED):
            size, changed = storage.size(path), storage.get_modified_time(path)
            digest.update(f"{path} {size} {changed.timestamp()}\n".encode())
    return digest.hexdigest()
