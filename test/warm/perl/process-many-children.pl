#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$| = 1;
my %child;
for my $number (1 .. 5) {
  my $child = fork // die $!;
  if ($child == 0) { require POSIX; POSIX::_exit($number) }
  $child{$child} = $number;
}
my %ended;
while ((my $child = wait) > 0) { $ended{$child{$child} // 'stranger'} = $? >> 8 }
print "$_ $ended{$_}\n" for sort keys %ended;
