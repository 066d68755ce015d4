#!/usr/bin/python3
import concurrent.futures
print("Content-Type: text/plain\n", flush=True)
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    print(list(pool.map(len, ["a", "bb", "ccc"])))
with concurrent.futures.ProcessPoolExecutor(1) as pool:
    print(list(pool.map(len, ["a", "bb", "ccc"])))
