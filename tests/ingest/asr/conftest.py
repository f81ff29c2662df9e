from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.asr.recogniser import Recogniser
from ingest.asr.recognition import Recognition, recognise
from ingest.audio import SAMPLE_RATE, Audio
from ingest.drafts import Draft
from playhead.progress import OnProgress, ignore_progress
from tests.media import write_media

Listen = Callable[..., Recognition]


@pytest.fixture
def listen(tmp_path: Path) -> Listen:
    """What a recogniser makes of sound: `listen(recogniser, audio, language, on_progress)`."""

    def listened(
        recogniser: Recogniser,
        audio: Audio,
        language: str | None = None,
        on_progress: OnProgress = ignore_progress,
    ) -> Recognition:
        path = write_media(tmp_path / "sound.flac", sound=audio)
        return recognise(
            path,
            recogniser,
            language,
            kept=Draft(tmp_path / "home", "0" * 16, "test"),
            total=audio.size / SAMPLE_RATE,
            on_progress=on_progress,
        )

    return listened
