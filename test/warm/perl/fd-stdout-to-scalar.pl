#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
{
  local *STDOUT;
  open STDOUT, '>', \my $text or die $!;
  print 'inside';
  print STDERR "kept $text\n";
}
open my $memory, '>', \my $kept;
my $old = select $memory;
print 'selected';
select $old;
print "$kept $old\n";
