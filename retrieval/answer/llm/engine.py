"""The engine with a language model: any OpenAI-compatible server, through LlamaIndex.

The model proposes, `checks` disposes. Where the model does not answer, the extractive engine does,
and the reader is told.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from llama_index.core.llms import LLM, ChatMessage
from pydantic import ValidationError

from retrieval.answer.checks import check_claim
from retrieval.answer.engine import Drafted, Engine, ProvenClaim
from retrieval.answer.evidence import Evidence
from retrieval.answer.reply import (
    SYSTEM_PROMPT,
    ClaimReply,
    Reply,
    prompt,
    reply_schema,
    sentence_ids,
)
from retrieval.embedding import Embedder

_log = logging.getLogger(__name__)


class LlmEngine:
    """Answers in a model's words, each claim checked against what it cites.

    Args:
        llm: a LlamaIndex chat model whose `chat` hands `response_format` on to its server.
        name: what the answer calls the engine, `llm:<model>`.
        embedder: compares claims with what they cite.
        fallback: answers when the model does not.
    """

    def __init__(self, llm: LLM, name: str, embedder: Embedder, fallback: Engine) -> None:
        self._llm = llm
        self._name = name
        self._embedder = embedder
        self._fallback = fallback

    def draft(self, question: str, evidence: Sequence[Evidence]) -> Drafted:
        """The claims of the model's reply that pass every check."""
        sentences = sentence_ids(evidence)
        try:
            reply = self._ask(question, sentences)
        except Exception as error:  # each LLM client has errors of its own
            _log.debug("the model failed", exc_info=error)
            return self._without_model(question, evidence, error)
        if not reply.sufficient:
            return Drafted((), self._name, "insufficient")
        proven = tuple(self._prove(claim, sentences) for claim in reply.claims)
        shown = tuple(claim for claim in proven if claim is not None)
        return Drafted(shown, self._name, None if shown else "unsupported")

    def _ask(self, question: str, sentences: dict[str, Evidence]) -> Reply:
        messages = [
            ChatMessage(role="system", content=SYSTEM_PROMPT),
            ChatMessage(role="user", content=prompt(question, sentences)),
        ]
        schema = reply_schema(list(sentences))
        response = self._llm.chat(messages, response_format=schema)
        return Reply.model_validate_json(response.message.content or "")

    def _prove(self, claim: ClaimReply, sentences: dict[str, Evidence]) -> ProvenClaim | None:
        problem = check_claim(claim, sentences, self._embedder)
        if problem:
            _log.debug("dropped %r: %s", claim.text, problem)
            return None
        cited = dict.fromkeys(sentences[cited.sentence] for cited in claim.evidence)
        return ProvenClaim(" ".join(claim.text.split()), tuple(cited))

    def _without_model(
        self, question: str, evidence: Sequence[Evidence], error: Exception
    ) -> Drafted:
        what = (
            "its reply was not of the form asked for"
            if isinstance(error, ValidationError)
            else " ".join(str(error).split())[:200] or type(error).__name__
        )
        drafted = self._fallback.draft(question, evidence)
        notice = f"The language model did not answer ({what}); these are the transcript's own words"
        return Drafted(drafted.claims, drafted.engine, drafted.reason, notice)


def openai_compatible(base_url: str, model: str, api_key: str | None) -> LLM:
    """A chat model behind any server that speaks OpenAI's protocol."""
    from llama_index.llms.openai_like import OpenAILike

    llm: LLM = OpenAILike(
        model=model,
        api_base=base_url,
        api_key=api_key or "none",
        is_chat_model=True,
        context_window=16_384,
        temperature=0.0,
        timeout=60.0,
        # Both LlamaIndex and its client retry: this makes two requests in all, 2 would make six.
        max_retries=1,
    )
    return llm
