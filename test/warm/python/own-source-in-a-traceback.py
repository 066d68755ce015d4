#!/usr/bin/python3
# with: shop.py
import shop
print("Content-Type: text/plain\n")
with open("shop.py", "w") as file:
    file.write("# line %d\n" * 20 % tuple(range(20)))
shop.checked(-1)
