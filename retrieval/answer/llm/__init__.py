"""The engine with a language model: it proposes, `retrieval.answer.checks` disposes."""
