#!/usr/bin/python3
# mask: in \d\.\d+s
import unittest


class Sums(unittest.TestCase):
    def test_right(self):
        self.assertEqual(1 + 1, 2)

    def test_wrong(self):
        self.assertEqual(1 + 1, 3)


print("Content-Type: text/plain\n")
unittest.main()
