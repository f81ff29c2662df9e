"""Libraries that report to their makers keep a queue in the home folder: there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import numpy as np
from ingest.asr.vad import speech_chunks
speech_chunks(np.random.default_rng(0).standard_normal(16_000).astype("float32") / 10, 20)
"""


def test_recognition_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    # Where CI is set, onnxruntime reports nothing anyhow.
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    inherited.pop("ORT_DISABLE_TELEMETRY", None)
    inherited.pop("XDG_CACHE_HOME", None)
    subprocess.run(
        [sys.executable, "-c", SCRIPT],
        check=True,
        env=inherited | {"HOME": str(tmp_path)},
        cwd=Path(__file__).parents[3],
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
