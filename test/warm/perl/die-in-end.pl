#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$! = 0;
END { print "last\n" }
END { $! = 0; die 'in end' }
