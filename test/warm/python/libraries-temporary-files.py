#!/usr/bin/python3
import os
import tempfile
print("Content-Type: text/plain\n")
with tempfile.TemporaryFile() as file:
    file.write(b"kept nowhere")
    file.seek(0)
    print(file.read(), file.fileno())
with tempfile.TemporaryDirectory(dir=".") as folder:
    print(os.listdir(folder), oct(os.stat(folder).st_mode))
with tempfile.NamedTemporaryFile(dir=".", suffix=".txt") as file:
    print(oct(os.stat(file.name).st_mode), file.name.endswith(".txt"))
print(os.listdir(), tempfile.gettempdir())
left = tempfile.TemporaryDirectory(dir=".")
