#!/usr/bin/env node
process.stdout.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nraw\n')
