#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
for my $name (qw(HUP INT QUIT USR1 USR2 PIPE TERM VTALRM PROF XCPU XFSZ SEGV BUS ILL FPE SYS TRAP)) {
  my $child = fork // die $!;
  if ($child == 0) { require POSIX; kill $name => $$; POSIX::_exit(0) }
  waitpid $child, 0;
  print "$name ", $? & 127, ' ', $? >> 8, "\n";
}
