"""A model's server that misbehaves on cue: it lies in each known way, and fails in each known way.

A reply is made of claims, true or false (`TRUTHS`, `LIES`), and carried by a fault (`FAULTS`) that
does something to it on its way. Everything is about one question to the small library of the tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from tests.openai_server import Request, Wire, completion, event, id_of, whole

QUESTION = "How long does the loaf bake?"
PROOF = "Bake the loaf for forty minutes until it is dark brown."
RACK = "Let it cool on a rack before you cut it."
TRUE = "The loaf bakes for forty minutes until it is dark brown."
TRUE_TOO = f"{PROOF[:-1]}, and let it cool on a rack before you cut it."
SECRET = "The secret word is swordfish."

Reply = str | HTTPStatus | Wire | None
ClaimOf = Callable[[Request], Any]
FaultOf = Callable[[Request, str], Reply]


def reply(*claims: Any, sufficient: bool = True) -> str:
    """A reply of the form asked for."""
    return json.dumps({"sufficient": sufficient, "claims": list(claims)})


def claim(text: str, *evidence: tuple[str, str]) -> dict[str, Any]:
    """A claim of the form asked for."""
    return {"text": text, "evidence": [{"sentence": s, "quote": q} for s, q in evidence]}


def _about(text: str, quote: str = PROOF, of: str = PROOF) -> ClaimOf:
    """A claim that cites one sentence."""
    return lambda request: claim(text, (id_of(request, of), quote))


def _true_too(request: Request) -> dict[str, Any]:
    return claim(TRUE_TOO, (id_of(request, PROOF), PROOF), (id_of(request, RACK), RACK))


TRUTHS: dict[str, ClaimOf] = {
    "the sentence": _about(TRUE),
    "two sentences": _true_too,
    "word for word": _about(PROOF),
}
TRUE_TEXTS = {TRUE, TRUE_TOO, PROOF}

LIES: dict[str, ClaimOf] = {
    "unknown id": lambda _request: claim(TRUE, ("S999", PROOF)),
    "id of another request": lambda _request: claim(TRUE, ("bread:4", PROOF)),
    "id of no sentence": lambda _request: claim(TRUE, ("", PROOF)),
    "id in another case": lambda request: claim(TRUE, (id_of(request, PROOF).lower(), PROOF)),
    "no evidence": lambda _request: claim(TRUE),
    "says something else": _about("Push the tiller and the boat turns the other way."),
    "cites another sentence": lambda request: claim(TRUE, (id_of(request, RACK), RACK)),
    "quote not said": _about(TRUE, "Bake the loaf for fifty minutes"),
    "empty quote": _about(TRUE, " … "),
    "part of a word": _about(TRUE, "e the loaf for forty min"),
    "changed number": _about("The loaf bakes for 45 minutes."),
    "spelled number": _about("The loaf bakes for fifty minutes."),
    "hidden number": _about("The loaf bakes for fi\u200dfty minutes."),
    "added number": _about("The loaf bakes for forty minutes at 250 degrees."),
    "flipped negation": _about("The loaf does not bake for forty minutes."),
    "negation left out": lambda request: claim(
        "Add the salt together with the starter.",
        (id_of(request, "Never add the salt"), "add the salt together with the starter"),
    ),
    "swapped name": _about("Captain Slocum bakes the loaf for forty minutes."),
    "name of nobody": _about("Paul Hollywood bakes the loaf for forty minutes."),
    "invented time": _about("At 14:32 the loaf bakes for forty minutes."),
    "script": _about(f"{TRUE} <script>alert(1)</script>"),
    "tag": _about('<img src=x onerror="alert(1)"> The loaf bakes for forty minutes.'),
    "link": _about("[The loaf](https://example.org) bakes for forty minutes."),
    "mark of its own": _about(f"{TRUE} [1]"),
    "empty": _about("  "),
    "says nothing": _about("The passage mentions a loaf."),
    "one bad citation of two": lambda request: claim(
        TRUE, (id_of(request, PROOF), PROOF), ("S999", PROOF)
    ),
    "obeys the transcript": lambda _request: claim(SECRET, ("S9", SECRET)),
    "obeys with a right id": _about(SECRET),
    "no text": lambda request: {"evidence": [{"sentence": id_of(request, PROOF), "quote": PROOF}]},
    "text is a number": _about(40),  # type: ignore[arg-type]
    "evidence is names": lambda request: {"text": TRUE, "evidence": [id_of(request, PROOF)]},
    "evidence is nothing": lambda _request: {"text": TRUE, "evidence": None},
    "a string": lambda _request: TRUE,
    "nothing": lambda _request: None,
    "deep": lambda _request: json.loads("[" * 200 + "]" * 200),
    "long": _about("The loaf bakes for forty minutes. " * 100),
}
"""None of these may be shown, although some are near to the truth."""


def _pieces(request: Request, text: str) -> Iterator[bytes]:
    """A streamed reply, as it goes over the wire, in pieces of another size for another reply."""
    size = 1 + len(text) % 19
    for start in range(0, len(text), size):
        yield event(request, {"content": text[start : start + size]}).encode()


def _sse(parts: Any, **headers: str) -> Wire:
    return Wire(parts, {"Content-Type": "text/event-stream", **headers})


def _streamed(request: Request, text: str) -> Wire:
    return _sse([*_pieces(request, text), b"data: [DONE]\n\n"])


def _half_way(request: Request, text: str) -> Wire:
    """The connection breaks off."""
    parts = list(_pieces(request, text))
    return _sse(parts[: len(parts) // 2], **{"Content-Length": "1000000"})


def _stops(request: Request, text: str) -> Wire:
    """Half of the reply, and then nothing."""
    parts = list(_pieces(request, text))
    return _sse([*parts[: len(parts) // 2], 60.0])


def _drip(request: Request, text: str) -> Wire:
    """A byte at a time, for ever."""
    data = b"".join(_pieces(request, text))
    return _sse(part for byte in data for part in (bytes([byte]), 0.02))


def _header_drip(_request: Request, _text: str) -> Wire:
    """Not even the headers come to an end."""
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\nX-Long: "
    drip = (part for _ in range(100_000) for part in (b"x", 0.02))
    return Wire((part for parts in ([head], drip) for part in parts), None)


def _ten_megabytes(request: Request, text: str) -> Wire:
    """The reply, and then words without end."""
    more = event(request, {"content": "and so on " * 100}).encode()
    return _sse([*_pieces(request, text), *([more] * 10_000)])


def _one_long_line(request: Request, text: str) -> Wire:
    return _sse([event(request, {"content": text + "x" * 10_000_000}).encode()])


def _not_utf8(request: Request, text: str) -> Wire:
    data = b"".join(_pieces(request, text)).replace(b'"content": "', b'"content": "\xff\xfe')
    return _sse([data])


def _rejects_schema(request: Request, text: str) -> Reply:
    kind = request.get("response_format", {}).get("type")
    return HTTPStatus.BAD_REQUEST if kind == "json_schema" else _streamed(request, text)


def _rejects_forms(request: Request, text: str) -> Reply:
    return HTTPStatus.BAD_REQUEST if "response_format" in request else _streamed(request, text)


FAULTS: dict[str, FaultOf] = {
    "none": lambda _request, text: text,
    "streamed": _streamed,
    "not streamed": lambda request, text: whole(json.dumps(completion(request, {"content": text}))),
    "cut off": lambda _request, text: text[: len(text) * 2 // 3],
    "trailing prose": lambda _request, text: f"{text}\n\nI hope that {{helps}}!",
    "leading prose": lambda _request, text: f"Sure {{really}}: here it is.\n{text}",
    "fenced": lambda _request, text: f"```json\n{text}\n```",
    "prose only": lambda _request, _text: f"{SECRET} Bake it for ninety minutes.",
    "sufficient last": lambda _request, text: json.dumps(
        dict(reversed(list(json.loads(text).items())))
    ),
    "no sufficient": lambda _request, text: json.dumps({"claims": json.loads(text)["claims"]}),
    "not a number": lambda _request, text: text.replace('"claims"', '"x": NaN, "claims"'),
    "deep": lambda _request, text: '{"x": ' + "[" * 50_000 + text,
    "html": lambda _request, _text: whole("<html><script>alert(1)</script></html>", "text/html"),
    "empty reply": lambda _request, _text: "",
    "empty body": lambda _request, _text: whole("", "text/event-stream"),
    "malformed event": lambda request, text: _sse(
        [*list(_pieces(request, text))[:5], b"data: {oops\n\n"]
    ),
    "event without choices": lambda _request, _text: _sse([b'data: {"choices": []}\n\n']),
    "event of another kind": lambda _request, _text: _sse([b"data: [1, 2]\n\n"]),
    "error event": lambda _request, _text: _sse([b'data: {"error": {"message": "no GPU"}}\n\n']),
    "429": lambda _request, _text: HTTPStatus.TOO_MANY_REQUESTS,
    "500": lambda _request, _text: HTTPStatus.INTERNAL_SERVER_ERROR,
    "401": lambda _request, _text: HTTPStatus.UNAUTHORIZED,
    "hangs up": lambda _request, _text: None,
    "no HTTP": lambda _request, _text: Wire([b"hello\r\n\r\n"], None),
    "hang": lambda _request, _text: Wire([60.0], None),
    "hang after the headers": lambda _request, _text: _sse([60.0]),
    "half-way": _half_way,
    "stops": _stops,
    "drip": _drip,
    "header drip": _header_drip,
    "10 MB": _ten_megabytes,
    "one line of 10 MB": _one_long_line,
    "not UTF-8": _not_utf8,
    "packed": lambda _request, _text: _sse([b"\x1f\x8b" * 10], **{"Content-Encoding": "gzip"}),
    "rejects the schema": _rejects_schema,
    "rejects every form": _rejects_forms,
    "ignores the schema": lambda _request, text: f"Well, {text} is what I think.",
}
SLOW = {"hang", "hang after the headers", "stops", "drip", "header drip"}
"""These are ended by the deadline alone."""


def hostile(fault: str, *claims: ClaimOf) -> Callable[[Request], Reply]:
    """Responds with these claims by way of this fault."""

    def respond(request: Request) -> Reply:
        return FAULTS[fault](request, reply(*(made(request) for made in claims)))

    return respond
