// `npm start`: install, compile, serve the example site. Further arguments go to `postern serve`.

import { join } from 'node:path'
import { compile, install, requireNode, root } from './prepare.mjs'

requireNode()
install()
compile('tsconfig.json')

const site = join(root, 'examples/site')
process.stdout.write(`Postern serves ${site}:
  /                             the page that lists everything
  /cgi-bin/hello.py             a program in Python; others in sh, Perl, awk and JavaScript
  /cgi-bin/environment.py/a/b   what a program is told about its request
  /cgi-bin/broken/traceback.py  what the page says when a program fails
`)
process.argv.splice(2, 0, 'serve', site)
await import('../dist/cli/main.js')
