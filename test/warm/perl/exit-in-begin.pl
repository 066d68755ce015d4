#!/usr/bin/perl
BEGIN { print "Content-Type: text/plain\n\nbegin\n"; exit 3 }
END { print "end\n" }
print "never\n";
