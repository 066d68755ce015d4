#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
'use strict'
try { undeclared = 1 } catch (e) { console.log(e.message) }
