#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
function fail() {
  throw new TypeError('no')
}
fail()
