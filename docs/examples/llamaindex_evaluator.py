"""Retrieval measured by LlamaIndex, on the library that `playhead demo` makes."""

from llama_index.core.evaluation import RetrieverEvaluator

from ui.wiring import open_playhead

RELEVANT = {  # Segments, by the ids that `playhead search --json` prints.
    "How far did the Vasa get before it went down?": ["9cccb7e1930b1794:0"],
    "How do I tell that a starter is ready?": ["fd31211b152bbf65:1"],
}
with open_playhead() as playhead:
    metrics, retriever = ["hit_rate", "mrr"], playhead.retriever(limit=5)
    evaluator = RetrieverEvaluator.from_metric_names(metrics, retriever=retriever)
    for question, segments in RELEVANT.items():
        print(evaluator.evaluate(question, segments))
