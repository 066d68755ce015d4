#!/usr/bin/perl
# accepted: the command line, as the system has it, is the script's path
# mask: [\s\S]+
print "Content-Type: text/plain\n\n";
open my $line, '<', '/proc/self/cmdline' or die $!;
print join("\n", split /\0/, <$line>), "\n";
