"""The page of one video."""

from __future__ import annotations

from tests.fakes import video
from ui.web.watch import watch_html

ID = "0123456789abcdef"
EVIL = "<script>alert('1')</script>\"'{id}<img src=x onerror=alert(2)>&amp;"


def test_the_page_names_its_video() -> None:
    page = watch_html(video(ID, "Town hall"))
    assert f'data-video-id="{ID}"' in page
    assert "<title>Town hall · Playhead</title>" in page
    assert "<h1>Town hall</h1>" in page


def test_a_title_full_of_markup_is_text() -> None:
    page = watch_html(video(ID, EVIL))
    assert "<img" not in page
    assert page.count("<script") == 1
    assert page.count("&lt;script&gt;") == 2
    # What looks like a place in the page's template is text, too.
    assert page.count("{id}") == 2


def test_nothing_of_it_is_on_another_host_or_in_the_page_itself() -> None:
    page = watch_html(video(ID))
    assert "//" not in page.replace("<!doctype", "")
    assert "<style" not in page
    assert "</script>" in page
    assert 'src="/playhead/' in page
