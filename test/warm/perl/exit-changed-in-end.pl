#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
END { print "end $?\n"; $? = 7 }
exit 2;
