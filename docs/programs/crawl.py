"""Profiles one of two coroutines that run at once."""

import asyncio

from tasks import count_down, fetch_pages

from spinetail import Profiler


async def profiled():
    with Profiler() as profiler:
        await fetch_pages()
    return profiler


async def main():
    profiler, _ = await asyncio.gather(profiled(), count_down())
    print(profiler.output_text(unicode=True))


if __name__ == "__main__":
    asyncio.run(main())
