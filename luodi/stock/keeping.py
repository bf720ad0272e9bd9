"""Who keeps a book of their own of some medicines: told of every movement, inside its act, and may refuse it.

The store stands below the rooms that keep such books and knows none of them; they ask to be told when the program
starts. A refusal unwinds the act: no way of moving stock goes past a keeper, also none that is built later.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from luodi.trust.actor import Actor

Keeper = Callable[[Actor, Mapping[int, Decimal], str, int | None], None]
"""(by, lot → quantity moved, kind of movement, number of the preparation or None), after the lots were changed."""

_keepers: list[Keeper] = []


def ask(keeper: Keeper) -> None:
    """Be told of every movement from now on; asking twice is asking once."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def tell(by: Actor, moved: Mapping[int, Decimal], kind: str, dispense: int | None) -> None:
    """Tell all keepers. Raises what they refuse."""
    for keeper in _keepers:
        keeper(by, moved, kind, dispense)
