"""Opens the hospital that a command works on: its data folder, its configuration, its keys."""

import base64
import os
import secrets
from pathlib import Path

from luodi.cli.say import Stop

CONFIG = "luodi.toml"
# where a restore builds a hospital; while it is there, the folder around it is none
RESTORING = ".restoring"
ROOT = Path(__file__).parents[2]


def point(data: Path | None, **settings: object) -> Path:
    """Set the environment of this process and its children; returns the data folder.

    A data folder that holds a luodi.toml describes itself; the environment still wins over it.
    """
    if data is not None:
        os.environ["LUODI_DATA"] = str(data.expanduser().absolute())
    folder = Path(os.environ.get("LUODI_DATA", "") or "hospital").absolute()
    os.environ["LUODI_DATA"] = str(folder)
    if "LUODI_CONFIG" not in os.environ and (folder / CONFIG).exists():
        os.environ["LUODI_CONFIG"] = str(folder / CONFIG)
    os.environ.update({f"LUODI_{name.upper()}": str(value) for name, value in settings.items() if value is not None})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.web.settings")
    return folder


def open_hospital(data: Path | None = None, **settings: object) -> Path:
    """Point at the hospital and set Django up. Raises Stop with the reason where a setting is unsafe.

    From here on every file that the process makes is its owner's alone.
    """
    os.umask(0o077)
    folder = point(data, **settings)
    if (folder / RESTORING).exists():
        raise Stop(
            "恢复没有完成：请再运行 luodi restore", "the restore did not end: run `luodi restore` again", status=2
        )
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as refused:
        raise Stop(str(refused), status=2) from None
    if not folder.is_dir():
        raise Stop(
            f"没有数据目录 {folder}：先运行 luodi keys", f"no data folder {folder}: run `luodi keys` first", status=2
        )
    return folder


def make_keys(folder: Path) -> list[Path]:
    """Write the session secret and the root key where they are absent; returns the new files."""
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = {
        keys / "secret.key": secrets.token_urlsafe(64).encode(),
        keys / "root.key": base64.b64encode(secrets.token_bytes(16)),
    }
    made = []
    for path, content in fresh.items():
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        made.append(path)
    return made


def prepare_database() -> None:
    """Apply migrations and lay the first rows that every hospital has."""
    from django.core.management import call_command

    from luodi.trust import founding, spool

    call_command("migrate", verbosity=0, interactive=False)
    founding.found()
    spool.prepare()
