#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: words
print "Content-Type: text/plain\n\n";
for ([STDIN => *STDIN], [STDOUT => *STDOUT], [STDERR => *STDERR]) {
  my ($name, $handle) = @$_;
  my @stat = stat $handle;
  printf "%s %d %s mode %o uid %d size %d\n", $name, fileno $handle, join(' ', map { eval "-$_ \$handle" ? $_ : () } qw(p t S f c b d r w)), $stat[2], $stat[4], $stat[7];
  print join(' ', PerlIO::get_layers($handle)), "\n";
}
print +(stat STDOUT)[1] == (stat STDERR)[1] ? "one pipe\n" : "two pipes\n";
print +(stat STDIN)[1] == (stat STDOUT)[1] ? "one pipe\n" : "two pipes\n";
