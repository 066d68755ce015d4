#!/usr/bin/env node
console.log('Status: 404 Not Here\nContent-Type: text/html\nX-Own: a\n\n<p>no</p>')
