"""Which processes serve a folder."""

from pathlib import Path


def running_on(data: Path) -> list[int]:
    """Processes that serve this folder, those about to be buried left out."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"LUODI_DATA={data}".encode() in (place / "environ").read_bytes().split(b"\0")
            if mine and (place / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                found.append(int(place.name))
        except OSError:
            continue
    return found
