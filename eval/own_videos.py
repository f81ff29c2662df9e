"""Videos of a person's own library as videos of a dataset."""

from __future__ import annotations

from eval.dataset import DatasetVideo
from ingest.captions.cue import Cue
from playhead.types import Transcript, Video


def dataset_video(video: Video, transcript: Transcript) -> DatasetVideo:
    """A video of the library with its sentences; word times stay behind."""
    return DatasetVideo(
        video, tuple(Cue(s.start, s.end, s.text, s.speaker) for s in transcript.sentences)
    )
