#!/usr/bin/env python3
# Broken on purpose: fails before the first line of output. What Python says
# about it goes to standard error, and from there to the server's log.


def price(row):
    return float(row["price"]) * int(row["count"])


def total(rows):
    return sum(price(row) for row in rows)


def main():
    basket = [
        {"name": "candle", "price": "2.50", "count": "4"},
        {"name": "lantern", "price": "18.00", "count": "a few"},
    ]
    amount = total(basket)
    print("Content-Type: text/plain; charset=utf-8\n")
    print("The total is %.2f." % amount)


# This file has the name of one of Python's own modules, and Python looks in the
# program's folder first: whoever imports "traceback" here gets this file. So
# importing it must do nothing.
if __name__ == "__main__":
    main()
