#!/usr/bin/perl
use POSIX qw(:signal_h);
print "Content-Type: text/plain\n\n";
my $old = POSIX::SigSet->new;
sigprocmask(SIG_BLOCK, POSIX::SigSet->new, $old);
print 'blocked', (map { $old->ismember($_) ? " $_" : '' } 1 .. 31), "\n";
for my $number (1 .. 31) {
  next if $number == 9 || $number == 19;
  my $action = POSIX::SigAction->new;
  sigaction($number, undef, $action) or next;
  print "$number ", $action->handler // 'undef', ' ', $action->flags, "\n" unless ($action->handler // '') eq 'DEFAULT';
}
print grep /^Sig|^Shd/, grep !/^SigQ/, do { open my $file, '<', '/proc/self/status' or die $!; <$file> };
print "child\n", grep !/^SigQ/, `grep ^Sig /proc/self/status`;
