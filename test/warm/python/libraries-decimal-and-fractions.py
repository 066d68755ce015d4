#!/usr/bin/python3
import decimal
import fractions
import statistics
print("Content-Type: text/plain\n")
print(decimal.Decimal(1) / 7, decimal.getcontext().prec, decimal.DefaultContext, fractions.Fraction(1, 3) + 1)
decimal.getcontext().prec = 5
print(decimal.Decimal(1) / 7, statistics.median([1, 2, 10]))
decimal.Decimal(1) / 0
