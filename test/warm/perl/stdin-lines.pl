#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\r\n\nlast without end
print "Content-Type: text/plain\n\n";
while (my $line = <STDIN>) { chomp $line; print "$. <", $line =~ s/\r/\\r/r, ">\n" }
print eof(STDIN) ? "end\n" : "more\n", "$.\n";
