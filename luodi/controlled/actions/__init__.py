"""Public writers of the room. What is done by two is called within `two.countersigned`."""

from luodi.controlled.actions.empties import destroy, take_back
from luodi.controlled.actions.reckoning import reconcile, resolve
from luodi.controlled.actions.residues import waste_residue

__all__ = ["destroy", "reconcile", "resolve", "take_back", "waste_residue"]
