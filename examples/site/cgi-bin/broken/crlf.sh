#!/bin/sh
# Broken on purpose: the lines end in CR and LF, as some editors and transfers
# leave them. So the kernel looks for an interpreter whose name ends in CR.

printf 'Content-Type: text/plain; charset=utf-8\n\n'
printf 'Hello from the other side of the line end.\n'
