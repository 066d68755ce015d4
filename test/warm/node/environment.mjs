#!/usr/bin/env node
// env: OWN=of the route
// env: EMPTY=
console.log('Content-Type: text/plain\n')
for (const name of Object.keys(process.env)) console.log(name, process.env[name])
