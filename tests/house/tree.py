"""The tree as the house tests see it: what git keeps, nothing else."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("paper", "trust", "patients", "terms", "advice", "chart", "reception", "stock", "orders")
FLOORS += ("controlled", "pharmacy", "commentary", "committee", "ward", "vigilance", "portal", "insight")
FLOORS += ("rollout", "simulator", "web", "cli")


def files(*suffixes: str, under: str = ".") -> list[Path]:
    """Files that are or would be committed, by suffix (all without one)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", under],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    found = {ROOT / name for name in listed if name}
    return sorted(path for path in found if path.is_file() and (not suffixes or path.suffix in suffixes))


def code(under: str = "luodi") -> list[Path]:
    """Python of the product, without migrations."""
    return [path for path in files(".py", under=under) if "migrations" not in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
