"""Who comes in, and what happens to who guesses."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from ui.web import login
from ui.web.guard import guarded
from ui.web.login import FREE_TRIES, SECONDS_A_TRY, Login, TooManyTriesError
from ui.web.site import Credentials, Site

ANN = Credentials("ann", "pässwörd:x")
_WRITTEN = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


class Clock:
    """Time that a test lets pass."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def basic(text: str) -> str:
    """The header of a user and password."""
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def request(authorization: str | None, client: str = "10.0.0.1") -> HTTPConnection:
    """A request of a client."""
    given = [] if authorization is None else [(b"authorization", authorization.encode("latin-1"))]
    return HTTPConnection({"type": "http", "headers": given, "client": (client, 50_000)})


def fail(of: Login, times: int, client: str = "10.0.0.1") -> None:
    """Guess wrong."""
    for n in range(times):
        assert not of.admits(request(basic(f"ann:{n}"), client))


@given(_WRITTEN.filter(lambda user: ":" not in user), _WRITTEN)
def test_the_right_user_and_password(user: str, password: str) -> None:
    found = Credentials.parsed(f"{user}:{password}")
    assert found == Credentials(user, password)
    assert Login(found).admits(request(basic(f"{user}:{password}")))
    assert not Login(found).admits(request(basic(f"{user}:{password}x")))


@pytest.mark.parametrize("text", ["", ":", "ann", "ann:", ":x", " : ", "ann:x\n", "ann:x\nbob:y"])
def test_credentials_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="USER:PASSWORD"):
        Credentials.parsed(text)


def test_a_password_is_never_shown() -> None:
    assert "pässwörd" not in repr(Site(credentials=ANN))


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic %%%",
        "Basic YQ",
        "Bearer x",
        "Basic " + base64.b64encode(b"\xff\xfe:\x00").decode(),
        "Basic " + "A" * 30_000,
        basic("ann"),
        basic("ann:"),
        basic(":pässwörd:x"),
        basic("Ann:pässwörd:x"),
        basic("ann:pässwörd"),
    ],
)
def test_whoever_else_stays_outside(authorization: str | None) -> None:
    assert not Login(ANN).admits(request(authorization))


def test_who_guesses_is_not_heard_for_a_while() -> None:
    clock = Clock()
    of = Login(ANN, clock)
    fail(of, FREE_TRIES)
    for _ in range(100):
        with pytest.raises(TooManyTriesError):
            of.admits(request(basic("ann:pässwörd:x")))
    clock.now += SECONDS_A_TRY
    fail(of, 1)
    with pytest.raises(TooManyTriesError):
        of.admits(request(basic("ann:pässwörd:x")))
    clock.now += SECONDS_A_TRY
    assert of.admits(request(basic("ann:pässwörd:x")))


def test_others_are_heard_meanwhile() -> None:
    of = Login(ANN, Clock())
    fail(of, FREE_TRIES)
    assert of.admits(request(basic("ann:pässwörd:x"), "10.0.0.2"))


def test_to_ask_without_a_password_is_no_guess() -> None:
    """A browser does so first, and for every file of a page."""
    of = Login(ANN, Clock())
    for _ in range(10 * FREE_TRIES):
        assert not of.admits(request(None))
    assert of.admits(request(basic("ann:pässwörd:x")))


def test_a_household_counts_as_one() -> None:
    of = Login(ANN, Clock())
    fail(of, FREE_TRIES, "2001:db8::1")
    with pytest.raises(TooManyTriesError):
        of.admits(request(basic("ann:x"), "2001:db8::ffff:2"))
    fail(of, 1, "2001:db8:0:1::1")


def test_addresses_that_came_by_the_other_protocol_are_themselves() -> None:
    of = Login(ANN, Clock())
    fail(of, FREE_TRIES, "::ffff:10.0.0.1")
    fail(of, 1, "::ffff:10.0.0.2")
    with pytest.raises(TooManyTriesError):
        of.admits(request(basic("ann:x"), "10.0.0.1"))


def test_it_remembers_so_many_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "MOST_CLIENTS", 100)
    clock = Clock()
    of = Login(ANN, clock)
    for n in range(1_000):
        clock.now += 0.001
        fail(of, 1, f"10.0.{n // 256}.{n % 256}")
    assert len(of._busy_until) <= 100


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/config", "/media/x", "/api/ask", "/mcp", "/nothing"])
def test_nothing_without_a_password(path: str, method: str) -> None:
    site = Site(host="0.0.0.0", credentials=ANN)
    client = TestClient(guarded(PlainTextResponse("in"), site, list))
    refused = client.request(method, path)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic realm=")
    assert "content-security-policy" in refused.headers
    if method in ("GET", "POST"):
        own = client.request(method, path, headers={"Authorization": basic("ann:pässwörd:x")})
        assert own.status_code in (200, 404)


def test_too_many_guesses_over_http() -> None:
    site = Site(host="0.0.0.0", credentials=ANN)
    client = TestClient(guarded(PlainTextResponse("in"), site, list))
    wrong = {"Authorization": basic("ann:x")}
    statuses = [client.get("/", headers=wrong).status_code for _ in range(FREE_TRIES + 5)]
    assert statuses == [401] * FREE_TRIES + [429] * 5
    assert client.get("/", headers=wrong).headers["retry-after"] == "1"
