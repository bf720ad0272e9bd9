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
