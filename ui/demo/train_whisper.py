"""Trains the demo's speech model: `python -m ui.demo.train_whisper`.

Needs flite, and the transformers that sentence-transformers brings.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from ui.demo.training.export import export
from ui.demo.training.network import Trainee
from ui.demo.training.tokens import Vocabulary, train_tokenizer
from ui.demo.training.tracks import more_tracks, talk_track, talk_words, texts
from ui.demo.training.windows import LONGEST_SECONDS, POSITIONS_PER_SECOND, Batch, Windows

HERE = Path(__file__).parent
TALKS = ("lightning", "sourdough", "vasa")
_MINUTES = 40.0
_SEED = 0
_RATE, _WARMUP = 2e-3, 0.04
_SHORT = 0.2
_TALKS_WEIGHT = 5
_LOG_EVERY = 20
_STOPS = 10

_log = logging.getLogger(__name__)


def main() -> None:
    """Train, write the model's folder, and the times of the talks' words (`words.json`)."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE / "whisper" / "playhead-demo")
    parser.add_argument("--minutes", type=float, default=_MINUTES, help="how long to train")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(_SEED)
    windows, vocabulary = _lessons()
    trainee = Trainee(vocabulary, windows.sound_count)
    _log.info("%d weights", sum(weight.numel() for weight in trainee.whisper.parameters()))
    for _ in _training(trainee, windows, options.minutes):
        export(trainee.whisper, vocabulary, options.folder)
    write_words(HERE / "words.json")


def write_words(path: Path) -> None:
    """Write the words of each talk with the seconds at which they start."""
    talks = {name: [[w.text, round(w.start, 2)] for w in talk_words(name)[0]] for name in TALKS}
    path.write_text(json.dumps(talks, ensure_ascii=False) + "\n", encoding="utf-8")


def _lessons() -> tuple[Windows, Vocabulary]:
    chance, noise = random.Random(_SEED), np.random.default_rng(_SEED)  # noqa: S311 - no secret
    talks = [talk_track(name, noise) for name in TALKS]
    more = list(more_tracks(chance, noise))
    _log.info("%.1f hours of more speech", sum(track.duration for track in more) / 3600)
    vocabulary = Vocabulary(train_tokenizer([*texts(talks * _TALKS_WEIGHT), *texts(more)]))
    return Windows(talks, more, vocabulary, chance), vocabulary


def _training(trainee: Trainee, windows: Windows, minutes: float) -> Iterator[None]:
    """AdamW; its rate rises, then falls as a cosine, by the clock. Stops at times, and at last."""
    optimizer = torch.optim.AdamW(trainee.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    began, step, done, stops = time.monotonic(), 0, 0.0, 0
    while done < 1:
        batch, first_position = _batch(windows, done)
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(done / _WARMUP, (1 + math.cos(math.pi * done)) / 2)
        with torch.autocast("cpu", torch.bfloat16):
            losses = trainee.losses(batch, first_position)
        optimizer.zero_grad()
        losses["all"].backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trainee.parameters(), 1.0)
        optimizer.step()
        step, done = step + 1, (time.monotonic() - began) / (60 * minutes)
        if step % _LOG_EVERY == 0:
            told = " ".join(f"{name} {loss.item():.3f}" for name, loss in losses.items())
            _log.info("%d, %.1f%%: %s", step, 100 * done, told)
        if done >= 1 or done > (stops + 1) / _STOPS:
            stops += 1
            yield


def _batch(windows: Windows, done: float) -> tuple[Batch, int]:
    """A batch, and where on the encoder's 30 s it lies.

    Most are of short windows at first: they take a tenth of the time, and what is learned of sounds
    and words holds for long ones too.
    """
    talks = 0.7 + 0.2 * done
    if windows.chance.random() < 0.1 + 0.6 * done:
        return windows.draw(4, LONGEST_SECONDS, talks), 0
    seconds, count = (5.0, 24) if done < _SHORT else (10.0, 12)
    room = round((LONGEST_SECONDS - seconds) * POSITIONS_PER_SECOND)
    first_position = windows.chance.choice((0, windows.chance.randint(0, room)))
    return windows.draw(count, seconds, talks), first_position


if __name__ == "__main__":
    main()
