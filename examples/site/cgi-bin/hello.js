#!/usr/bin/env node
// Greets by name: /cgi-bin/hello.js?name=Ada
//
// Only globals, neither require nor import: so it does not matter whether a
// package.json further up says that .js files are modules.

const { REQUEST_METHOD = '', SCRIPT_NAME = '', PATH_INFO = '', QUERY_STRING = '' } = process.env

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text) => text.replace(/[&<>"']/g, (character) => entities[character])

// URLSearchParams accepts anything: a broken %-sequence stays as it is.
const given = new URLSearchParams(QUERY_STRING).get('name') ?? ''
const name = Array.from(given).slice(0, 80).join('').replace(/\p{Cc}/gu, ' ').trim() || 'world'

let output = 'Content-Type: text/html; charset=utf-8\n\n'

if (REQUEST_METHOD !== 'HEAD') {
  output += `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hello from Node.js</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/style.css">
<p class="masthead"><img src="/favicon.svg" alt=""> <a href="/">Postern examples</a></p>
<h1>Hello, ${escape(name)}.</h1>
<p>Written by Node.js ${escape(process.versions.node)} at ${new Date().toTimeString().slice(0, 8)}.</p>
<dl class="pairs">
<dt>Method</dt><dd><code>${escape(REQUEST_METHOD)}</code></dd>
<dt>Program</dt><dd><code>${escape(SCRIPT_NAME)}</code></dd>
<dt>Path after it</dt><dd><code>${escape(PATH_INFO) || '(none)'}</code></dd>
<dt>Query string</dt><dd><code>${escape(QUERY_STRING) || '(none)'}</code></dd>
</dl>
<form class="inline">
<div class="field"><label for="name">Another name</label>
<input type="text" id="name" name="name" maxlength="80"></div>
<button>Greet</button>
</form>
`
}

// No process.exit() after this: it could end the program before a pipe has
// taken all of the output.
process.stdout.write(output)
