// What the platform's own Request and Response cost.
const { method } = new Request('http://localhost/')
process.stdout.write(`Status: 200\r\nContent-Type: text/plain\r\n\r\n${await new Response(method).text()}\n`)
