#!/usr/bin/perl
# with: lib
print "Content-Type: text/plain\n\n";
print defined $INC{'No/Such.pm'} ? "loaded\n" : "not loaded\n";
delete $INC{'Text/Abbrev.pm'};
print require Text::Abbrev, "\n", require Text::Abbrev, "\n", $INC{'Text/Abbrev.pm'} =~ m{Text/Abbrev\.pm$} ? "path\n" : "no path\n";
print do { local @INC = ('lib'); eval { require Text::Abbrev } }, "\n";
