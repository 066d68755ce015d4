// FastCGI programs in Perl, well-behaved and otherwise, for the tests of what starts them.

import { perlModuleMissing } from '../programs/perl-module.ts'
import { missing } from './real-parts.ts'

export const withoutFcgi: string | false = missing('perl') || perlModuleMissing('FCGI')

/**
 * Says its process, how many requests that one has had, and the request's method and body. What the query asks for it does:
 * `die` (killed before any output), `half` (killed in the middle of it), `hang`, `flood` (of standard error), `say=WORD` on
 * standard error. It ends with status 0 after `requests` of them.
 */
export function counting(requests = 0): string {
  return `#!/usr/bin/perl
use strict; use warnings; use FCGI;
# FCGI takes STDERR for its own stream.
open(my $raw, '>&', 2) or die;
my $count = 0;
my $request = FCGI::Request();
while ($request->Accept() >= 0) {
  $count++;
  my $query = $ENV{QUERY_STRING} // '';
  my $body = '';
  read(STDIN, $body, $ENV{CONTENT_LENGTH}) if $ENV{CONTENT_LENGTH};
  kill 'KILL', $$ if $query eq 'die';
  print "Content-Type: text/plain\\r\\n\\r\\n";
  if ($query eq 'half') { print 'x' x 100_000; $request->Flush(); kill 'KILL', $$ }
  if ($query eq 'hang') { $request->Flush(); $SIG{TERM} = 'IGNORE'; sleep 100 }
  if ($query eq 'flood') { syswrite($raw, 'flood ' x 20 . "\\n") for 1 .. 20_000 }
  syswrite($raw, "$1\\n") if $query =~ /^say=(\\w+)$/;
  print "$$ $count $ENV{REQUEST_METHOD} $body\\n";
  last if ${requests} && $count >= ${requests};
}
`
}
