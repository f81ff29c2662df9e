from pathlib import Path

import pytest

from ingest.sources import Unusable, caption_language, caption_stem, find_sources, sidecar_of

URL = "https://example.org/{stem}.mp4"


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    return make(
        tmp_path / "talks",
        "b.mp4",
        "a.MKV",
        "a.vtt",
        "alone.en.vtt",
        "notes.txt",
        ".hidden.mp4",
        ".trash/c.mp4",
        "2024/z.mp3",
        "2024/y.webm",
    )


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def found(*paths: Path, media_url: str | None = None) -> list[str]:
    return [
        f"error: {source.error}" if isinstance(source, Unusable) else source.name
        for source in find_sources(paths, media_url=media_url)
    ]


def test_a_folder_is_searched_in_order_of_name(talks: Path):
    assert found(talks) == ["a.MKV", "b.mp4", "y.webm", "z.mp3"]


def test_captions_count_where_their_media_lies_elsewhere(talks: Path):
    assert found(talks, media_url=URL) == ["a.MKV", "alone.en.vtt", "b.mp4", "y.webm", "z.mp3"]


def test_a_file_given_by_name_is_a_source_whatever_it_is_called(talks: Path):
    assert found(talks / "notes.txt", talks / ".hidden.mp4") == ["notes.txt", ".hidden.mp4"]


def test_each_file_comes_once(talks: Path, tmp_path: Path):
    (tmp_path / "link.mp4").symlink_to(talks / "b.mp4")
    names = found(talks / "b.mp4", talks, tmp_path / "link.mp4", talks / ".." / "talks" / "b.mp4")
    assert names == ["b.mp4", "a.MKV", "y.webm", "z.mp3"]


def test_links_are_followed_but_not_in_circles(talks: Path, tmp_path: Path):
    (talks / "2024" / "up").symlink_to(talks)
    make(tmp_path / "elsewhere", "linked.mp4")
    (talks / "there").symlink_to(tmp_path / "elsewhere")
    assert found(talks) == ["a.MKV", "b.mp4", "y.webm", "z.mp3", "linked.mp4"]


def test_what_is_not_there_is_told_and_the_rest_goes_on(talks: Path):
    first, second = found(talks / "nowhere.mp4", talks / "b.mp4")
    assert first == f"error: {talks / 'nowhere.mp4'} does not exist. Check the path."
    assert second == "b.mp4"


def test_a_path_that_cannot_be_is_told(talks: Path):
    [error] = found(talks / ("x" * 300))
    assert "cannot be read" in error


def test_a_circle_of_links_is_told(tmp_path: Path):
    (tmp_path / "a.mp4").symlink_to(tmp_path / "b.mp4")
    (tmp_path / "b.mp4").symlink_to(tmp_path / "a.mp4")
    [error] = found(tmp_path / "a.mp4")
    assert error.startswith("error: ")


def test_a_folder_without_media_is_told(tmp_path: Path):
    make(tmp_path / "empty", "notes.txt", "a.vtt")
    [error] = found(tmp_path / "empty")
    assert "holds no video and no audio recording" in error


def test_captions_alone_need_to_know_their_media(talks: Path):
    [error] = found(talks / "alone.en.vtt")
    assert "captions without their media" in error
    assert "--media-url" in error
    assert found(talks / "alone.en.vtt", media_url=URL) == ["alone.en.vtt"]


def test_captions_of_media_there_come_with_it(talks: Path):
    # As `talks/*` names them all.
    assert found(talks / "a.MKV", talks / "a.vtt") == ["a.MKV"]
    assert found(talks, talks / "a.vtt")[0] == "a.MKV"
    [error] = found(talks / "a.vtt", media_url=URL)
    assert "is the captions of a.MKV" in error


@pytest.mark.parametrize(
    ("names", "language", "expected"),
    [
        (["talk.vtt"], None, "talk.vtt"),
        (["talk.srt", "talk.vtt"], None, "talk.vtt"),
        (["talk.SRT"], None, "talk.SRT"),
        (["talk.en.vtt", "talk.srt"], None, "talk.srt"),
        (["talk.de.vtt", "talk.en-US.srt"], None, "talk.en-US.srt"),
        (["talk.fr.vtt", "talk.de.vtt"], None, "talk.de.vtt"),
        (["talk.vtt", "talk.de.vtt"], "de", "talk.de.vtt"),
        (["talk.vtt", "talk.eng.vtt"], "de", "talk.vtt"),
        (["talk.fr.vtt"], "de", None),
        (["talks.vtt", "other.vtt", "talk.txt", "talk.part.vtt", ".talk.vtt"], None, None),
        ([], None, None),
    ],
)
def test_the_sidecar_of_a_talk(tmp_path: Path, names, language, expected):
    make(tmp_path, "talk.mp4", *names)
    sidecar = sidecar_of(tmp_path / "talk.mp4", language)
    assert (sidecar.name if sidecar else None) == expected


def test_a_name_that_ends_like_a_language_is_still_a_name(tmp_path: Path):
    make(tmp_path, "intro.en.mp4", "intro.en.vtt", "intro.mp4")
    assert sidecar_of(tmp_path / "intro.en.mp4") == tmp_path / "intro.en.vtt"


def test_names_with_signs_of_patterns_are_taken_as_they_are(tmp_path: Path):
    make(tmp_path, "talk [1] *.mp4", "talk [1] *.en.vtt")
    assert sidecar_of(tmp_path / "talk [1] *.mp4") == tmp_path / "talk [1] *.en.vtt"


@pytest.mark.parametrize(
    ("name", "stem", "language"),
    [
        ("talk.vtt", "talk", None),
        ("talk.en.vtt", "talk", "en"),
        ("talk.pt-BR.srt", "talk", "pt"),
        ("a.b.deu.srt", "a.b", "de"),
        ("v1.new.vtt", "v1.new", None),
        ("en.vtt", "en", None),
    ],
)
def test_what_the_name_of_captions_tells(name: str, stem: str, language: str | None):
    assert caption_stem(Path(name)) == stem
    assert caption_language(Path(name)) == language
