#!/usr/bin/env node
// env: LANG=de_DE.UTF-8
// env: LC_ALL=de_DE.UTF-8
console.log('Content-Type: text/plain\n')
console.log(Intl.DateTimeFormat().resolvedOptions().locale, (1234.5).toLocaleString(), new Date(0).toLocaleDateString())
