#!/bin/sh
# Broken on purpose: ends without fault, and without a word.

exit 0
