#!/usr/bin/python3
import asyncio
print("Content-Type: text/plain\n", flush=True)


async def part(number):
    await asyncio.sleep(0.01 * number)
    return number


async def main():
    print(await asyncio.gather(part(2), part(1)))
    process = await asyncio.create_subprocess_exec("echo", "by a child", stdout=asyncio.subprocess.PIPE)
    print(await process.communicate())
    print(asyncio.current_task().get_name())
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.01)


asyncio.run(main())
