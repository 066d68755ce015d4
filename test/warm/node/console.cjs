#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.table([{ a: 1 }])
console.group('g'); console.info('in'); console.groupEnd()
console.dir({ a: { b: { c: { d: 1 } } } })
console.count(); console.assert(false, 'no')
console.log('%s %o', 'x', [1], '\u001b[1m\u{1F600}')
