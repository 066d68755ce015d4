#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
END { print "end $?\n" }
sub deep { my @sorted = sort { leave() } 2, 1 }
sub leave { local $_ = 'x'; for (1) { while (1) { exit 5 } } }
deep();
