#!/usr/bin/env node
console.log(JSON.stringify([RegExp.$1, RegExp.lastMatch, RegExp.input, RegExp.leftContext]))
