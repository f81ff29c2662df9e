"""The simulated model: claims of known truth, of every kind as often as the passages allow."""

from __future__ import annotations

from collections import Counter
from random import Random

from eval.honesty.citation_lies import CITATION_LIES
from eval.honesty.lies import CHANGES
from eval.honesty.scene import MadeClaim, Numbered, Scene, Source, is_plain
from eval.honesty.truths import RETELLINGS, tidy

CLAIMS = 4
"""So many claims in a reply, as the instructions allow."""

LIES = (*CITATION_LIES, *CHANGES)
TRUTHS = tuple(RETELLINGS)
KINDS = (*LIES, *TRUTHS)

_TIDIED = 0.5
"""So often a lie is made of a sentence without its fillers."""


class HonestyModel:
    """Makes claims about numbered sentences, some true and some false.

    Args:
        lies: the share of false ones, 0 to 1.
        seed: of the choices; the same requests in the same order get the same claims.
    """

    def __init__(self, lies: float, seed: int = 0) -> None:
        self._lies = lies
        self._random = Random(seed)  # noqa: S311 - it only chooses
        self._made: Counter[str] = Counter()
        self._earlier: tuple[Numbered, ...] = ()
        self._texts: set[str] = set()

    def reply(self, sentences: tuple[Numbered, ...]) -> list[MadeClaim]:
        """The claims of one reply, no two with the same text, none made before."""
        scene = Scene(sentences, self._earlier)
        self._earlier = sentences
        claims: list[MadeClaim] = []
        for _ in range(CLAIMS):
            made = self._claim(scene)
            if made is not None:
                self._texts.add(made.text)
                self._made[made.kind] += 1
                claims.append(made)
        return claims

    def _claim(self, scene: Scene) -> MadeClaim | None:
        """Of the kind that there are fewest of, if the sentences allow that one."""
        kinds = list(LIES if self._random.random() < self._lies else TRUTHS)
        self._random.shuffle(kinds)
        for kind in sorted(kinds, key=lambda kind: self._made[kind]):
            made = self._of_kind(kind, scene)
            if made is not None and made.text not in self._texts:
                return made
        return None

    def _of_kind(self, kind: str, scene: Scene) -> MadeClaim | None:
        if kind in CITATION_LIES:
            return CITATION_LIES[kind](scene, self._random)
        plain = [one for one in scene.sentences if is_plain(one.text)]
        self._random.shuffle(plain)
        makers = (
            (self._retold(kind, one, scene) for one in plain)
            if kind in RETELLINGS
            else (self._changed(kind, one, scene) for one in plain)
        )
        new = (made for made in makers if made is not None and made.text not in self._texts)
        return next(new, None)

    def _retold(self, kind: str, said: Numbered, scene: Scene) -> MadeClaim | None:
        retold = RETELLINGS[kind](Source(said.text, said, scene, self._random))
        if retold is None:
            return None
        text, cited = retold
        return MadeClaim(
            kind, text, tuple((one.id, one.text) for one in cited), said.text, true=True
        )

    def _changed(self, kind: str, said: Numbered, scene: Scene) -> MadeClaim | None:
        text = tidy(said.text) if self._random.random() < _TIDIED else said.text
        changed = CHANGES[kind](Source(text, said, scene, self._random)) if is_plain(text) else None
        if changed is None or changed in (text, said.text):
            return None
        return MadeClaim(kind, changed, ((said.id, said.text),), said.text)
