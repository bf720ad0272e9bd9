"""The head in words: what is printed or sent outside, so that even whoever holds every key cannot rewrite the past."""

from typing import NamedTuple

from luodi.trust.models import Block


class Anchor(NamedTuple):
    """The last sealed block: number, last position, digest in hex, ISO time. All empty where nothing is sealed."""

    block: int
    head: int
    digest: str
    sealed_at: str


def anchor(head: int | None = None) -> Anchor:
    """The anchor of this moment, or that of the block that ends at `head`."""
    blocks = Block.objects.order_by("-number")
    block = (blocks if head is None else blocks.filter(last=head)).first()
    if block is None:
        return Anchor(0, 0, "", "")
    return Anchor(block.number, block.last, bytes(block.digest).hex(), block.sealed_at.isoformat())
