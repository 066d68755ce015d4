// CGI.pm, on which most old programs in Perl stand: forms, uploads, cookies, redirects, its own error pages.

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { serve } from '../../src/index.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { perlModuleMissing } from './perl-module.ts'

const skip = missing('perl') || perlModuleMissing('CGI')

const program = `#!/usr/bin/perl
use strict;
use warnings;
use CGI;
use CGI::Carp qw(fatalsToBrowser);
use Digest::MD5;

my $q = CGI->new;
my $do = $q->path_info;
if ($do eq '/redirect') { print $q->redirect('http://other.example/new'); exit }
if ($do eq '/die') { die 'it went wrong' }
if ($do eq '/self') { print $q->header('text/plain'), join("\\n", $q->self_url, $q->url, $q->url(-path_info => 1, -query => 1)), "\\n"; exit }

my @cookies = ($q->cookie(-name => 'one', -value => 'a b', -path => '/'), $q->cookie(-name => 'two', -value => 2, -httponly => 1));
print $q->header(-type => 'text/plain', -charset => 'utf-8', -cookie => \\@cookies, -status => '201 Created');
print 'method ', $q->request_method, "\\n";
for my $name (sort $q->multi_param) {
  next if $name eq 'file';
  print "$name = ", join(' | ', $q->multi_param($name)), "\\n";
}
print 'cookie ', $q->cookie('was') // 'none', "\\n";
if (my $upload = $q->upload('file')) {
  binmode $upload;
  my $digest = Digest::MD5->new->addfile($upload)->hexdigest;
  print 'file ', $q->param('file'), ' ', $q->uploadInfo($upload)->{'Content-Type'}, " $digest\\n";
}
`

test('CGI.pm: a form by GET and by POST, and a cookie both ways', { skip }, async () => {
  using site = temporarySite({ 'cgi-bin/form.pl': program })
  await using server = await serve(site.root, { port: 0 })
  const query = 'name=Ren%C3%A9+K&colour=red&colour=blue&empty='
  const fields = 'colour = red | blue\nempty = \nname = René K\n'

  const got = await fetch(`${server.url}cgi-bin/form.pl?${query}`, { headers: { Cookie: 'x=y; was=c%20d' } })
  assert.equal(await got.text(), `method GET\n${fields}cookie c d\n`)
  assert.equal(got.status, 201)
  assert.equal(got.statusText, 'Created')
  assert.equal(got.headers.get('content-type'), 'text/plain; charset=utf-8')
  assert.deepEqual(got.headers.getSetCookie(), ['one=a%20b; path=/', 'two=2; path=/; HttpOnly'])

  const posted = await fetch(`${server.url}cgi-bin/form.pl`, { method: 'POST', body: new URLSearchParams(query) })
  assert.equal(await posted.text(), `method POST\n${fields}cookie none\n`)
})

test('CGI.pm: an upload (multipart/form-data), with a length and without', { skip }, async () => {
  using site = temporarySite({ 'cgi-bin/form.pl': program })
  await using server = await serve(site.root, { port: 0 })
  const content = randomBytes(700_000)
  const form = new FormData()
  form.append('note', 'two\r\nlines')
  form.append('file', new Blob([content], { type: 'image/odd' }), 'a picture.odd')
  const expected = `file a picture.odd image/odd ${createHash('md5').update(content).digest('hex')}\n`

  const sized = await fetch(`${server.url}cgi-bin/form.pl`, { method: 'POST', body: form })
  assert.equal(await sized.text(), `method POST\nnote = two\r\nlines\ncookie none\n${expected}`)

  const encoded = new Response(form)
  const chunked = await fetch(`${server.url}cgi-bin/form.pl`, {
    method: 'POST',
    body: encoded.body,
    headers: { 'Content-Type': encoded.headers.get('content-type') ?? '' },
    duplex: 'half',
  })
  assert.equal(await chunked.text(), `method POST\nnote = two\r\nlines\ncookie none\n${expected}`)
})

test('CGI.pm: a redirect, its own address, and its own error page', { skip }, async () => {
  using site = temporarySite({ 'cgi-bin/form.pl': program })
  await using server = await serve(site.root, { port: 0 })
  const redirect = await fetch(`${server.url}cgi-bin/form.pl/redirect`, { redirect: 'manual' })
  assert.equal(redirect.status, 302)
  assert.equal(redirect.headers.get('location'), 'http://other.example/new')

  const self = await fetch(`${server.url}cgi-bin/form.pl/self?a=b`)
  const base = `${server.url}cgi-bin/form.pl`
  assert.equal(await self.text(), `${base}/self?a=b\n${base}\n${base}/self?a=b\n`)

  const failed = await fetch(`${server.url}cgi-bin/form.pl/die`)
  assert.equal(failed.status, 500)
  assert.match(await failed.text(), /it went wrong/)
})
