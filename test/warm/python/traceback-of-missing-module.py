#!/usr/bin/python3
print("Content-Type: text/plain\n")
import no_such_module.part
