"""The English words that carry a claim's logic, and those that carry nothing.

`FREE` words may be put in or left out. `GUARDS` may neither: a "not", an "only" or an "after" more
or less makes another claim. Every other word is content, which must have been said. Words are
lemmas, as `tokens` gives them.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MARKS = _words(', . ; : ! ? — – ( ) "')
STOPS = _words(". ! ?")
"""What ends a sentence."""

CONJUNCTIONS = _words("and but so because while which who or")
CAUSES = _words("because so while")
BREAKS = MARKS | CONJUNCTIONS
"""What parts one clause from the next."""

PERSONS = _words("i we you")
"""Who speaks and who is spoken to: nobody who was named before."""
PRONOUNS = PERSONS | _words("he she it they this that these those one there here")
"""What stands for a person or a thing."""

PREPOSITIONS = _words("to by for with as at on in into")
"""Free words that say what a word has to do with the one before it."""
AUXILIARIES = _words("be have get will shall")
"""Free verbs: with them another tense is told, or who does it becomes who it is done to."""
GENITIVE = "'s"
"""A noun's ending; it is written like a short "is" or "has"."""

FREE = (
    MARKS
    | PRONOUNS - {"one"}
    | PREPOSITIONS
    | AUXILIARIES
    | {GENITIVE}
    | _words(
        """the a an do of that which who whom whose and so then well um uh er erm ah oh like just
        really actually basically very quite also kind sort okay ok yeah yes right honestly
        literally now what where how because but though while say"""
    )
)

NEGATIONS = _words("not no never none nobody nothing neither nor without hardly barely")
CONDITIONS = _words("if unless except until only whether when once than instead rather suppose")
PARTICLES = _words("up down off out over away under back above below since during apart")
"""What changes the verb or noun that it follows; elsewhere it may be left out."""

GUARDS = (
    NEGATIONS
    | CONDITIONS
    | PARTICLES
    | _words(
        """rarely seldom might may could would should must can ought need perhaps maybe probably
        possibly likely unlikely all every each some most many few several any either half more less
        fewer least always usually often sometimes almost nearly enough again still yet already
        first last next before after even hope plan try want allow able or against between about
        around otherwise everybody everyone everything anybody anyone anything somebody someone
        something nowhere everywhere both too another other same ago minus plus upto think
        believe guess intend intention"""
    )
)

FRAMES = _words("accord speaker presenter say explain tell")
"""What a claim may begin with before it says what was said: "The speaker explains that …"."""

ENGLISH = _words(
    """the and of that are with this you they has what not but which would there from your our can
    it his her were to by he she it's don't i'm we've that's you're we'll they're isn't"""
)
"""Words of nearly every English sentence that are words of few other languages."""

IRREGULAR = {
    "rose": "rise", "risen": "rise", "felt": "feel", "left": "leave", "men": "man",
    "women": "woman", "us": "we", "me": "i", "my": "i", "our": "we", "him": "he", "her": "she",
    "them": "they", "their": "they", "his": "he", "its": "it", "hers": "she", "an": "a",
    "was": "be", "were": "be", "is": "be", "are": "be", "am": "be", "been": "be", "being": "be",
    "has": "have", "had": "have", "having": "have", "does": "do", "did": "do", "done": "do",
    "gone": "go", "1st": "first", "meter": "metre", "meters": "metre",
    "centimeter": "centimetre", "centimeters": "centimetre", "kilometer": "kilometre",
    "kilometers": "kilometre", "liter": "litre", "liters": "litre", "color": "colour",
    "colors": "colour",
}  # fmt: skip
"""Lemmas that the dictionary lacks, or knows as another word."""
KEPT = _words("less better best worse worst more most least i us would could might should will may")
"""Forms that are not led back to their lemma, which would make them say less or more."""
