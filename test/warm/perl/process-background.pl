#!/usr/bin/perl
use POSIX;
$| = 1;
print "Content-Type: text/plain\n\n";
pipe my $ended, my $running or die $!;
my $child = fork // die $!;
if ($child == 0) {
  POSIX::setsid();
  exit 0 if fork;
  close $running;
  <$ended>;
  print "from behind\n";
  POSIX::_exit(0);
}
waitpid $child, 0;
print "done\n";
