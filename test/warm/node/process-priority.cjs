#!/usr/bin/env node
// mask: ^SigQ:.*$
console.log('Content-Type: text/plain\n')
console.log(require('os').getPriority(), require('fs').readFileSync('/proc/self/status', 'latin1').match(/^(?:Sig\w+|Groups|Uid|Gid|NoNewPrivs|Seccomp|Umask):.*/gm).join('\n'))
