"""A process that writes to a hospital's ledger, act after act, until it is killed: `python -m tests.cli.busy FILE`.

The file appears with the first act that was acknowledged.
"""

import sys
from pathlib import Path


def main(file: str) -> None:
    from luodi.cli.place import open_hospital

    open_hospital()
    from luodi.trust import ledger
    from luodi.trust.actor import Ref, system

    number = 0
    while True:
        ledger.record("bench", by=system("command"), about=Ref("hospital", number), facts={"number": number})
        Path(file).touch()
        number += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
