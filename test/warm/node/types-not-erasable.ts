#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
enum Colour { Red }
console.log(Colour.Red)
