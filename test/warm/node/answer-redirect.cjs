#!/usr/bin/env node
console.log('Location: https://example.org/x\n')
