#!/usr/bin/python3
# with: greetings
import greetings
from greetings.english import hello
print("Content-Type: text/plain\n")
print(greetings.__path__, greetings.__file__, hello("Ada"), hello.__module__)
from greetings import german, english
print(german.hello("Ada"), english.__package__, sorted(name for name in vars(greetings) if name[0] != "_"))
import greetings.missing
