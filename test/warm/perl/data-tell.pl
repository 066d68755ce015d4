#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print 'tell ', tell(DATA), "\n";
print 'size ', -s DATA, ' of ', -s $0, "\n";
print -f DATA ? "file\n" : "not a file\n";
print +(stat DATA)[1] == (stat $0)[1] ? "the script\n" : "something else\n";
my $line = <DATA>;
print 'tell ', tell(DATA), "\n";
seek DATA, -6, 2;
print <DATA>;
__DATA__
one
two
three
