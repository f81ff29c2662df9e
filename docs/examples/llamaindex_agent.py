"""An agent that asks the videos before it answers."""

import asyncio

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.tools import QueryEngineTool
from llama_index.llms.openai import OpenAI

from ui.wiring import open_playhead


async def main() -> None:
    with open_playhead() as playhead:
        tool = QueryEngineTool.from_defaults(playhead.query_engine(), name="videos")
        agent = FunctionAgent(tools=[tool], llm=OpenAI(model="gpt-4.1-mini"))
        print(await agent.run("Why did the Vasa sink?"))


asyncio.run(main())
