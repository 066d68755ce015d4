#!/usr/bin/perl
BEGIN {
  unshift @INC, sub {
    return unless $_[1] eq 'Text/Abbrev.pm';
    open my $source, '<', \"package Text::Abbrev; sub name { 'hooked ' . __FILE__ } 1;";
    return $source;
  };
}
use Text::Abbrev ();
print "Content-Type: text/plain\n\n", Text::Abbrev::name() =~ s/0x[0-9a-f]+/_/r, "\n";
