#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
const request = new Request('http://a/b?c', { method: 'POST', body: 'x', duplex: 'half' })
console.log(request.url, await request.text(), new Response('y').status, [...new Headers({ A: 'b' })], new FormData())
