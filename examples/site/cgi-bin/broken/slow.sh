#!/bin/sh
# Broken on purpose: two minutes go by before the first byte. A server with a
# limit gives up before that, and ends this program and the sleep it has started.

sleep 120
printf 'Content-Type: text/plain; charset=utf-8\n\n'
printf 'Sorry for the wait.\n'
