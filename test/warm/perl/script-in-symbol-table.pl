#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print exists $main::{"_<$0"} ? "known\n" : "unknown\n";
print ${"_<$0"} // 'undef', "\n";
print scalar(@{"_<$0"}), " lines kept\n";
