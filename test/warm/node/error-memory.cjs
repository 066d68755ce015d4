#!/usr/bin/env -S node --max-old-space-size=30
// accepted: the report of a lack of memory has addresses, times and the process id
// mask: [^]+
console.log('Content-Type: text/plain\n')
const all = []
for (;;) all.push(new Array(1e6).fill(all.length))
