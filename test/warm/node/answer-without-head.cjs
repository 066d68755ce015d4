#!/usr/bin/env node
console.log('no head at all')
