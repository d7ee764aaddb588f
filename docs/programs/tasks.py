"""Two coroutines at once: one fetches pages, the other computes in between."""

import asyncio


async def get(page):
    """Stands for a request."""
    await asyncio.sleep(0.1)
    return f"page {page} " * 20_000


async def fetch_pages():
    words = set()
    for page in range(5):
        text = await get(page)
        words.update(text.split())
    return words


async def count_down():
    for _ in range(20):
        sum(range(500_000))
        await asyncio.sleep(0)


async def main():
    await asyncio.gather(fetch_pages(), count_down())


if __name__ == "__main__":
    asyncio.run(main())
