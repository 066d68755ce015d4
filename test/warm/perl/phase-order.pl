#!/usr/bin/perl
BEGIN { print "Content-Type: text/plain\n\n" }
INIT { print "init 1\n" }
CHECK { print "check 1\n" }
BEGIN { print "begin 1\n" }
END { print "end 1\n" }
UNITCHECK { print "unitcheck 1\n" }
print "run\n";
UNITCHECK { print "unitcheck 2\n" }
END { print "end 2\n" }
BEGIN { print "begin 2\n" }
CHECK { print "check 2\n" }
INIT { print "init 2\n" }
eval 'BEGIN { print "begin 3\n" } UNITCHECK { print "unitcheck 3\n" } END { print "end 3\n" } print "eval\n"';
