#!/usr/bin/env node
// header: X-Odd: aébäö Ã¤ â‚ ÿ
console.log('Content-Type: text/plain\n')
const value = process.env.HTTP_X_ODD
console.log(value, [...value].map((c) => c.codePointAt(0).toString(16)).join(' '), Buffer.from(value).toString('hex'))
console.log(require('child_process').execFileSync('/bin/sh', ['-c', 'printf %s "$HTTP_X_ODD" | od -An -tx1']).toString())
console.log('HTTP_X_ODD' in process.env, 'HTTP_X_NONE' in process.env, process.env.HTTP_X_NONE)
