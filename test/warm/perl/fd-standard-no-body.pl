#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print -c STDIN ? "device\n" : -p STDIN ? "pipe\n" : -f STDIN ? "file\n" : "other\n";
print readlink('/proc/self/fd/0') =~ s/\[\d+\]/[]/r, "\n", (stat STDIN)[6], "\n";
print eof(STDIN) ? "end\n" : "more\n";
my $read = sysread STDIN, my $buffer, 10;
print defined $read ? "read $read\n" : "failed $!\n";
print defined syswrite(STDIN, 'x') ? "written\n" : "not written $!\n";
