#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
let n = 0
const f = () => { n++; f() }
try { f() } catch (e) { console.log(e.name, e.message, n > 5000) }
