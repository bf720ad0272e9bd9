"""Where a report stands: private to the room, shared by its acts and readers."""

from luodi.vigilance import refusals
from luodi.vigilance.models import End, Reaction, Version


def held(reaction: int) -> Reaction:
    """The row, held until the act ends. Raises NotFound."""
    row = Reaction.objects.select_for_update().filter(pk=reaction).first()
    if row is None:
        raise refusals.NotFound
    return row


def newest(row: Reaction) -> Version:
    """The version in force."""
    return Version.objects.filter(reaction=row).order_by("-number")[0]


def require_open(row: Reaction) -> None:
    """Raises WrongStage where the report has ended."""
    if End.objects.filter(reaction=row).exists():
        raise refusals.WrongStage


def stage_of(row: Reaction, version: int) -> str:
    """drafted, reported, assessed, submitted, closed or withdrawn."""
    end = getattr(row, "end", None)
    if end is not None:
        return str(end.kind)
    if getattr(row, "submission", None) is not None:
        return "submitted"
    if getattr(row, "report", None) is None:
        return "drafted"
    return "assessed" if any(each.version == version for each in row.assessments.all()) else "reported"
