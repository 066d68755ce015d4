#!/usr/bin/python3
import asyncio
print("Content-Type: text/plain\n")


async def never_awaited():
    pass


never_awaited()


async def main():
    asyncio.get_running_loop().create_task(asyncio.sleep(10), name="left")
    raise ValueError("in main")


asyncio.run(main())
