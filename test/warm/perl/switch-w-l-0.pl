#!/usr/bin/perl -wl0 -l012
# request: POST
# header: Content-Type: text/plain
# body: one\0two\0
print "Content-Type: text/plain\n";
print "W $^W ", join(' ', map { ord } $/, $\);
while (<STDIN>) { chomp; print "$.: $_" }
{
  local $/ = "\n";
  open my $file, '<', $0 or die $!;
  print scalar(my @lines = <$file>), ' lines';
}
