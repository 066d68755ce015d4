#!/usr/bin/env -S node --unhandled-rejections=warn
// mask: \(node:\d+\)
console.log('Content-Type: text/plain\n')
Promise.reject(new Error('only a warning'))
setTimeout(() => console.log('goes on'), 20)
