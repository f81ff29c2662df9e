"""What the page may call of Gradio's own routes, and with what.

Gradio has some fifty of them; some read files, fetch URLs or edit code. Those that the page does
not need are not there. What it sends when somebody asks is checked, too: Gradio takes a value that
looks like a file of its own for one and copies what it names, whatever the component is.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

JOIN = "/gradio_api/queue/join"
"""Where the page sends its events."""

READS = re.compile(
    r"/|/config|/theme\.css|/favicon\.ico|/assets/.+|"
    r"/gradio_api/(?:info|queue/data|heartbeat/[a-z0-9]{1,32})"
)
WRITES = re.compile(r"/gradio_api/(?:queue/join|cancel|reset)")


class Event(BaseModel):
    """An event of the page: plain values only.

    Raises:
        ValidationError: (a ValueError) anything else.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    data: list[str | bool | float | None] = Field(max_length=16)
    fn_index: Annotated[int, Field(ge=0)]
    session_hash: str = Field(pattern=r"^[a-z0-9]{1,32}$")
    trigger_id: int | None = None
    event_data: None = None
