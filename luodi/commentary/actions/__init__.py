"""Public writers of the commentary."""

from luodi.commentary.actions.answering import rule, state
from luodi.commentary.actions.drawing import assign, draw
from luodi.commentary.actions.judging import comment
from luodi.commentary.actions.publishing import decide, export, publish, volumes

__all__ = ["assign", "comment", "decide", "draw", "export", "publish", "rule", "state", "volumes"]
