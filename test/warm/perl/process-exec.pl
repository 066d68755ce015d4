#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$| = 1;
END { print "never\n" }
exec 'sh', '-c', 'echo "$0 $#"; exit 4', 'name', 'word';
