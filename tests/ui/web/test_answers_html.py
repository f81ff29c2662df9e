"""Answers as HTML: its hooks, and that nothing from outside becomes markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.types import Answer, Citation, Claim
from retrieval.answer.wording import LOW_CONFIDENCE
from ui.web.answers import answer_html, question_html, trouble_html, watch_path

EVIL = "<script>alert('1')</script>\"'><img src=x onerror=alert(2)>&amp;"
ID = "0123456789abcdef"


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, attribute: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.elements if attribute in attributes]

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


def citation(n: int = 1, **fields: object) -> Citation:
    defaults = {
        "video_id": ID,
        "title": "Talk",
        "start": 3753.4,
        "end": 3757.0,
        "quote": "Bread rises because yeast makes gas.",
        "segment_id": f"{ID}:0",
        "source": "/videos/talk.mp4",
    }
    return Citation(n=n, **{**defaults, **fields})  # type: ignore[arg-type]


def answer(*citations: Citation, text: str = "It is the gas.", **fields: object) -> Answer:
    claims = (Claim(text, tuple(c.n for c in citations)),) if citations else ()
    defaults = {
        "question": "Why?",
        "refused": not citations,
        "reason": None,
        "engine": "extractive",
    }
    return Answer(claims=claims, citations=citations, passages=(), **{**defaults, **fields})  # type: ignore[arg-type]


def refusal(reason: str = "no_evidence", title: str = "Talk") -> Answer:
    closest = citation(title=title, quote="Something else.", start=61.0, end=62.0)
    return replace(answer(), refused=True, reason=reason, closest=(closest,))


def test_a_citation_has_its_hooks() -> None:
    page = Page(answer_html(answer(citation())))
    for link in page.having("data-citation"):
        assert link["data-video-id"] == ID
        assert float(link["data-start"] or "") == 3753.4
        assert float(link["data-end"] or "") == 3757.0
        # Without the page's script it leads to the page that plays the moment.
        assert link["href"] == f"/watch/{ID}#t=3753.4,3757.00"
    assert page.having("data-citation")
    assert "Talk · 1:02:33" in page.text
    assert not page.having("data-refused")


def test_every_mark_has_its_citation() -> None:
    first, second = citation(1), citation(2, start=5.0, end=7.0, quote="Let the dough rest.")
    page = Page(answer_html(answer(first, second)))
    starts = [float(link["data-start"] or "") for link in page.having("data-citation")]
    assert starts[:2] == [3753.4, 5.0]
    for quote in (first.quote, second.quote):
        assert quote in page.text


def test_a_quote_that_is_the_claim_is_shown_once() -> None:
    only = citation()
    page = Page(answer_html(answer(only, text=only.quote)))
    assert page.text.count(only.quote) == 1


def test_a_draft_says_so() -> None:
    """Whether the quote is shown below the claim or is the claim."""
    for text in ("It is the gas.", citation().quote):
        assert "draft" in Page(answer_html(answer(citation(draft=True), text=text))).text
        assert "draft" not in Page(answer_html(answer(citation(), text=text))).text


@pytest.mark.parametrize("reason", ["empty_library", "no_evidence", "insufficient", "unsupported"])
def test_a_refusal_has_its_hook(reason: str) -> None:
    page = Page(answer_html(refusal(reason)))
    (refused,) = page.having("data-refused")
    assert refused["role"] == "status"
    assert "Not answered; closest:" in page.text
    assert "Something else." in page.text
    assert "Talk · 1:01" in page.text
    # The closest moments play at a click, too.
    (link,) = page.having("data-citation")
    assert float(link["data-start"] or "") == 61.0


def test_a_refusal_with_nothing_close_is_a_sentence() -> None:
    page = Page(answer_html(replace(refusal("empty_library"), closest=())))
    assert "closest" not in page.text
    assert not page.having("data-citation")


@pytest.mark.parametrize("kind", ["summary", "mentions"])
def test_an_answer_about_whole_videos_is_a_list(kind: str) -> None:
    quotes = [citation(1, quote="Bread."), citation(2, quote="Salt.")]
    claims = tuple(Claim(quote.quote, (quote.n,)) for quote in quotes)
    page = Page(answer_html(replace(answer(*quotes), claims=claims, kind=kind)))
    assert [tag for tag, _ in page.elements].count("li") == 2
    assert len(page.having("data-citation")) == 2


def test_what_came_from_outside_is_text() -> None:
    cited = citation(title=EVIL, quote=EVIL, source=f"/videos/{EVIL}.mp4")
    for shown in (
        answer(cited, text=EVIL, notice=EVIL),
        answer(cited, notice=EVIL),
        answer(replace(cited, source=f"https://videos.example/{EVIL}")),
        replace(refusal(title=EVIL), notice=EVIL),
    ):
        page = Page(answer_html(shown))
        assert not page.tags & {"script", "img"}
        assert not page.having("onerror")
        assert EVIL in page.text
        for link in page.having("data-citation"):
            assert (link["title"] or "").startswith(f"{EVIL} · 1:0")


def test_a_link_that_is_a_script_is_no_link() -> None:
    """Only http and https are taken for URLs; all else is a path on this machine."""
    page = Page(answer_html(answer(citation(source="javascript:alert(1)"))))
    for link in page.having("data-citation"):
        assert (link["href"] or "").startswith(f"/watch/{ID}#")


def test_the_page_of_a_moment() -> None:
    assert watch_path(ID, 5.0) == f"/watch/{ID}#t=5"
    assert watch_path(ID, 5.0, 7.25) == f"/watch/{ID}#t=5,7.25"
    assert watch_path(ID, 46.6667) == f"/watch/{ID}#t=46.66"


def test_an_answer_that_grows_has_no_thumbs_yet() -> None:
    whole = answer(citation())
    assert not Page(answer_html(whole)).having("data-thumb")
    page = Page(answer_html(whole, "an-id"))
    assert [button["data-thumb"] for button in page.having("data-thumb")] == ["up", "down"]
    (named,) = page.having("data-answer")
    assert named["data-answer"] == "an-id"


def test_how_a_question_was_understood() -> None:
    shown = replace(answer(citation()), standalone="Why does <b>bread</b> rise?")
    assert "Understood as: Why does <b>bread</b> rise?" in Page(answer_html(shown)).text


@pytest.mark.parametrize("said", ["one\n\n# two\n\n<b>three</b>", "\r\n\r\n    code\u2029"])
def test_no_line_ends_where_markdown_could_begin(said: str) -> None:
    """After an empty line the page would read what follows as Markdown."""
    cited = citation(quote=said, title=said)
    for html in (
        answer_html(answer(cited, text=said, notice=said), "id"),
        answer_html(refusal(title=said)),
        question_html(said),
        trouble_html(said),
    ):
        assert len(html.splitlines()) == 1


def test_a_question_and_an_error_are_text() -> None:
    for html in (question_html(EVIL), trouble_html(EVIL)):
        page = Page(html)
        assert page.tags <= {"p", "div"}
        assert page.text.strip() == EVIL


@given(st.text())
def test_any_text_is_shown_as_it_is(said: str) -> None:
    """Less its line breaks, of which HTML makes spaces too."""
    page = Page(answer_html(answer(citation(title=said), text=said)))
    words = " ".join(said.split())
    assert words in " ".join(page.text.split())
    assert page.tags <= {"div", "p", "a", "span", "ol", "li", "q", "small"}


@pytest.mark.parametrize("text", ["It is the gas.", citation().quote])
def test_who_says_it_and_whether_it_may_be_made_up(text: str) -> None:
    """Whether the quote is shown below the claim or is the claim."""
    plain = Page(answer_html(answer(citation(), text=text)))
    assert "Ann Lee" not in plain.text
    assert LOW_CONFIDENCE not in plain.text
    page = Page(answer_html(answer(citation(speaker="Ann Lee", doubt="silence"), text=text)))
    assert f"Ann Lee: {citation().quote}" in page.text
    beside_claim = page.text.index(LOW_CONFIDENCE)
    assert beside_claim > page.text.index(text)
    # A quote that is shown below the claim has a mark of its own.
    assert page.text.count(LOW_CONFIDENCE) == (1 if text == citation().quote else 2)


def test_only_a_claim_from_doubtful_words_is_marked() -> None:
    sure, doubted = citation(1), citation(2, quote="Hm, hm.", doubt="unsure")
    claims = (Claim(sure.quote, (1,)), Claim(doubted.quote, (2,)))
    page = Page(answer_html(replace(answer(sure, doubted), claims=claims)))
    assert page.text.count(LOW_CONFIDENCE) == 1
    assert page.text.index(LOW_CONFIDENCE) > page.text.index("Hm, hm.")


def test_the_closest_moments_are_marked_too() -> None:
    shown = refusal()
    closest = replace(shown.closest[0], speaker="Ann Lee", doubt="repetition")
    page = Page(answer_html(replace(shown, closest=(closest,))))
    assert "Ann Lee: Something else." in page.text
    assert page.text.count(LOW_CONFIDENCE) == 1


def test_a_name_from_outside_is_text() -> None:
    for text in ("It is the gas.", citation().quote):
        page = Page(answer_html(answer(citation(speaker=EVIL), text=text)))
        assert not page.tags & {"script", "img"}
        assert f"{EVIL}: " in page.text
