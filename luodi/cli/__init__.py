"""The `luodi` command. Nothing heavy is imported until a command runs, so that --help answers at once."""

import sys


def main() -> None:
    """Run the command line; a fault that a person can mend is one clear line, not a trace."""
    from luodi.cli.app import app
    from luodi.cli.say import Stop, fail

    try:
        app(prog_name="luodi")
    except Stop as stop:
        fail(str(stop))
        sys.exit(stop.status)
    except Exception as fault:
        if not (words := _mendable(fault)):
            raise
        fail(words)
        sys.exit(1)


def _mendable(fault: Exception) -> str:
    """What to tell a person of a fault that came up through a command; "" for a fault of the program."""
    from luodi.trust.refusal import Refusal
    from luodi.trust.write import storage_full

    if isinstance(fault, Refusal):
        return str(fault)
    if storage_full(fault):
        return "磁盘已满或不可写：请清理后重试 / the disk is full or cannot be written: free some space"
    return ""
