#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
while (<DATA>) { print "$.: $_" }
print eof(DATA) ? "end\n" : "more\n";
__END__
one
two
three
