#!/usr/bin/env node
// env: TZ=America/New_York
console.log('Content-Type: text/plain\n')
console.log(new Date(0).toString(), Intl.DateTimeFormat().resolvedOptions().timeZone)
process.env.TZ = 'Asia/Tokyo'
console.log(new Date(0).toString())
