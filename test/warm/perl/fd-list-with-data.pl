#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print join(' ', grep { -e "/proc/self/fd/$_" } 0 .. 100), "\n", readlink('/proc/self/fd/3'), "\n";
print "child\n", `ls /proc/self/fd`;
__END__
data
