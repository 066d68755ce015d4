#!/usr/bin/perl -CS
# request: POST
# header: Content-Type: text/plain
# body: J\xc3\xbcrgen\n
print "Content-Type: text/plain\n\n";
my $name = <STDIN>;
chomp $name;
print length $name, " $name \x{263a}\n";
print join(' ', PerlIO::get_layers($_)), "\n" for *STDIN, *STDOUT, *STDERR;
print STDERR "\x{263a}\n";
print 'unicode ', ${^UNICODE}, ' open ', ${^OPEN} // 'undef', "\n";
