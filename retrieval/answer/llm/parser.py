"""A reply as it arrives: its claims, each as soon as it is complete.

A model may talk before and after its JSON, or be cut off in the middle of it. So the first object
that looks like a reply is read, event by event, and what is complete of it counts.
"""

from __future__ import annotations

from typing import Any

import ijson
from ijson.common import ObjectBuilder

MAX_DEPTH = 8
"""Deeper than any reply goes; a claim that goes deeper is none."""
MAX_OBJECTS = 16
"""So many braces are tried as the beginning of a reply."""

_IN_LIST = 2
_STARTS = ("start_map", "start_array")
_ENDS = ("end_map", "end_array")
# Between tokens they are blanks; in a string, where JSON forbids them, models write them anyway.
_CONTROLS = dict.fromkeys(range(0x20), " ")


class ReplyParser:
    """Reads one reply."""

    def __init__(self) -> None:
        self._object = _ReplyObject()
        self._parse: Any = None
        self._text = ""
        self._tried = 0

    @property
    def sufficient(self) -> bool | None:
        """What the model says of the passages; None as long as it has not."""
        return self._object.sufficient

    @property
    def complete(self) -> bool:
        """Whether a reply with all its parts has ended."""
        reply = self._object
        return reply.over and reply.sufficient is not None and reply.has_claims

    def feed(self, text: str) -> list[Any]:
        """The claims that this piece of a reply completes, of whatever form they are."""
        # To the parser an empty piece is the end.
        if not text or (self._object.over and self._object.is_reply):
            return []
        text = text.translate(_CONTROLS)
        if self._parse is None:
            self._begin(text)
        else:
            self._text += text
            self._send(text)
        return self._object.taken()

    def _begin(self, text: str) -> None:
        """Read the first object of a text, or the next if that cannot be a reply."""
        start = text.find("{")
        self._parse = None
        if start < 0 or self._tried == MAX_OBJECTS:
            return
        self._tried += 1
        self._object = _ReplyObject()
        self._parse = ijson.basic_parse_coro(self._object, use_float=True)
        self._text = text[start:]
        self._send(self._text)

    def _send(self, text: str) -> None:
        reply = self._object
        try:
            self._parse.send(text.encode(errors="replace"))
        except (ijson.JSONError, ValueError, ArithmeticError):
            reply.broken = not reply.over
        if (reply.over or reply.broken) and not reply.is_reply:
            self._begin(self._text[1:])


class _ReplyObject:
    """Takes the events of one JSON object."""

    def __init__(self) -> None:
        self.sufficient: bool | None = None
        self.has_claims = False
        self.over = False
        self.broken = False
        self._claims: list[Any] = []
        self._depth = 0
        self._key = ""
        self._in_claims = False
        self._builder: ObjectBuilder | None = ObjectBuilder()

    @property
    def is_reply(self) -> bool:
        return self.sufficient is not None or self.has_claims

    def taken(self) -> list[Any]:
        claims, self._claims = self._claims, []
        return claims

    def send(self, event: tuple[str, Any]) -> None:
        """Take the parser's next event."""
        kind, value = event
        if self.over or self.broken:
            return
        if kind in _ENDS:
            self._depth -= 1
        if self._in_claims:
            self._in_claim(kind, value)
        elif self._depth == 1:
            self._at_top(kind, value)
        if kind in _STARTS:
            self._depth += 1
        self.over = self._depth == 0

    def _at_top(self, kind: str, value: Any) -> None:  # noqa: ANN401 - any JSON
        if kind == "map_key":
            self._key = value
        elif kind == "boolean" and self._key == "sufficient" and self.sufficient is not False:
            self.sufficient = value
        elif kind == "start_array" and self._key == "claims":
            self._in_claims = self.has_claims = True

    def _in_claim(self, kind: str, value: Any) -> None:  # noqa: ANN401 - any JSON
        if self._depth == 1:  # the end of the list
            self._in_claims = False
            return
        if self._depth > MAX_DEPTH:
            self._builder = None
        if self._builder is not None:
            self._builder.event(kind, value)
        if self._depth == _IN_LIST and kind not in _STARTS:
            self._claims.append(self._builder.value if self._builder is not None else None)
            self._builder = ObjectBuilder()
