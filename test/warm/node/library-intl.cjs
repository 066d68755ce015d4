#!/usr/bin/env node
console.log('Content-Type: text/plain\n')
console.log(Intl.DateTimeFormat().resolvedOptions().locale, 'ä'.localeCompare('z'), new Intl.NumberFormat('de').format(1234.5))
