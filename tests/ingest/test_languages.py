import pytest

from ingest.languages import is_language, two_letter


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("eng", "en"),
        ("en", "en"),
        ("EN-us", "en"),
        ("pt_BR", "pt"),
        ("ger", "de"),
        ("deu", "de"),
        ("haw", "haw"),
        ("und", None),
        ("", None),
        (None, None),
    ],
)
def test_languages_are_written_one_way(code, expected):
    assert two_letter(code) == expected


@pytest.mark.parametrize("tag", ["en", "eng", "EN-US", "pt_BR", "zh-Hant-TW", "yue"])
def test_language_tags_are_known(tag):
    assert is_language(tag)


@pytest.mark.parametrize("text", ["", "part", "new", "xx", "en us", "1", "english", "v2"])
def test_other_suffixes_are_no_languages(text):
    assert not is_language(text)
