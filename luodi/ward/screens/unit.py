"""Which unit a screen of the ward shows."""

from typing import Any

from luodi.trust import people

KINDS = ("observation", "ward")


def units() -> list[people.UnitCard]:
    """Units with beds, observation areas first."""
    return [card for kind in KINDS for card in people.units(kind)]


def shown(request: Any) -> int:
    """The unit asked for, else the one that the person works in where it has beds, else the first one; 0 for none."""
    known = [card.pk for card in units()]
    asked = request.GET.get("unit", "")
    if asked.isdigit() and int(asked) in known:
        return int(asked)
    mine = request.actor.unit
    return mine if mine in known else next(iter(known), 0)


def tabs(request: Any, unit: int) -> dict[str, Any]:
    """Context of the unit switch."""
    return {"units": units(), "unit": unit, "unit_name": people.unit_name(unit), "path": request.path}
