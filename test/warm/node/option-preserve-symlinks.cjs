#!/usr/bin/env -S node --preserve-symlinks-main
// at: a/real.cjs
// link: b/linked.cjs
console.log('Content-Type: text/plain\n')
console.log(__filename)
