process.stdout.write('Status: 200\r\nContent-Type: text/plain\r\n\r\nhello\n')
