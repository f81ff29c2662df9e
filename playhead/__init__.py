"""The ground floor: what every other room stands on, and nothing that knows them."""

from __future__ import annotations

import os

__version__ = "0.1.0"

# Nothing calls home. The libraries read these when they are imported, and every room imports this
# one first. (onnxruntime sends what it runs to its maker since 1.29 unless told not to.)
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
