#!/usr/bin/python3
import contextvars
import threading
print("Content-Type: text/plain\n")
local = threading.local()
local.name = "main"
variable = contextvars.ContextVar("variable", default="nothing")
print(len(contextvars.copy_context()))
variable.set("main")
thread = threading.Thread(target=lambda: print(hasattr(local, "name"), variable.get()))
thread.start()
thread.join()
print(local.name, variable.get())
