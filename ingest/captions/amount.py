"""How much text captions can hold and still be captions.

More than that is no speech, and putting it in order would take hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playhead.errors import CaptionsError

# No screen shows that much; somebody may have put a whole talk into one caption.
_MAX_CHARACTERS = 100_000
# Speech has 15 characters a second. Captions that grow word by word repeat them, and their tags.
_CHARACTERS_PER_SECOND = 5_000


def check_amount(texts: Sequence[tuple[float, str | bytes]], path: Path) -> None:
    """See that captions, each with its start in seconds, are not far more than can be said.

    Raises:
        CaptionsError: they are.
    """
    longest = max((len(text) for _, text in texts), default=0)
    if longest > _MAX_CHARACTERS:
        raise CaptionsError(
            f"{path} has a caption of {longest:,} characters",
            "Give captions that show what is said when it is said",
        )
    starts = [start for start, _ in texts]
    seconds = max(starts, default=0.0) - min(starts, default=0.0)
    total = sum(len(text) for _, text in texts)
    if total > _MAX_CHARACTERS + _CHARACTERS_PER_SECOND * seconds:
        raise CaptionsError(
            f"{path} has captions of {total:,} characters within {seconds:.0f} s",
            "Give captions that show what is said when it is said",
        )
