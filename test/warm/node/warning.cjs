#!/usr/bin/env node
// mask: \(node:\d+\)
console.log('Content-Type: text/plain\n')
process.emitWarning('look', 'OwnWarning', 'OWN01')
process.on('warning', (w) => console.log(w.name, w.message))
