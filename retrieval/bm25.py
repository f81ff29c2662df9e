"""Text to term weights, by the BM25 that Qdrant Edge carries (a server's is the same).

Its words are what stands between spaces and marks. Three things are said in a way that it reads:
scripts without spaces, thousands with commas, and the names of letters with signs ("C++").
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from qdrant_edge import Bm25, Bm25Config

from retrieval.store.protocol import SparseVector

AVERAGE_TERMS = 40
"""How many terms (words less stop words) 30 seconds of speech have, about."""

# Thai, Lao, Burmese, Khmer; kana and what stands with them; CJK ideographs with their extensions
# and compatibility forms; half-width kana.
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?!\d)")
_SIGNED_LETTER = re.compile(r"(?<![^\W_])([A-Za-z])(\+\+(?![^\W\d_])|[+#](?!\w))")
_SIGNS = {"+": " plus", "#": " sharp"}


def idf(documents: int, total: int) -> float:
    """How rare a term is that `documents` of `total` texts have, as the engine reckons it.

    ln(1 + (N - n + 0.5) / (n + 0.5)): Robertson and Zaragoza, "The Probabilistic Relevance
    Framework", 2009, kept above 0 as Lucene does.
    """
    return math.log(1 + (total - documents + 0.5) / (documents + 0.5))


def document_terms(text: str) -> SparseVector:
    """The terms of a text that is stored, weighted by frequency and length.

    Where a script has no spaces, each character is a term, and each two that follow each other.
    """
    vector = _bm25().embed_document(_spaced(text, singles=True))
    return SparseVector(list(vector.indices), list(vector.values))


def query_terms(text: str) -> SparseVector:
    """The terms of a question; the engine weighs them by how rare they are (IDF).

    Where a script has no spaces, each two characters that follow each other are a term: single
    ones are in texts of every kind. One that stands alone is a term all the same.
    """
    vector = _bm25().embed_query(_spaced(text, singles=False))
    return SparseVector(list(vector.indices), list(vector.values))


@lru_cache(maxsize=1)
def _bm25() -> Bm25:
    return Bm25(Bm25Config(avg_len=AVERAGE_TERMS, ascii_folding=True))


def _spaced(text: str, *, singles: bool) -> str:
    """A text whose terms stand between spaces."""
    text = _THOUSANDS.sub(lambda number: number[0].replace(",", ""), text)
    text = _SIGNED_LETTER.sub(lambda m: m[1] + "".join(_SIGNS[sign] for sign in m[2]) + " ", text)
    return _SPACELESS.sub(lambda run: f" {_grams(run[0], singles=singles)} ", text)


def _grams(run: str, *, singles: bool) -> str:
    """The characters of a script without spaces, in ones and twos, as words."""
    grams: list[str] = []
    kinds = [(c, unicodedata.category(c)[0]) for c in unicodedata.normalize("NFKC", run)]
    # Vowels and tones that are marks on a letter fall away: the tokenizer would split there.
    letters = "".join(c if kind in "LN" else " " for c, kind in kinds if kind != "M")
    for word in letters.split():
        grams += word if singles or len(word) == 1 else ""
        grams += [first + second for first, second in pairwise(word)]
    return " ".join(grams)
