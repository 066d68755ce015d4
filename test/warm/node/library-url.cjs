#!/usr/bin/env node
// request: GET ?a=1&a=%C3%A4+b&c
console.log('Content-Type: text/plain\n')
console.log(new URLSearchParams(process.env.QUERY_STRING).getAll('a'), require('querystring').parse(process.env.QUERY_STRING))
