#!/usr/bin/python3
# ending: any
print("Location: https://www.example.org/elsewhere\n")
