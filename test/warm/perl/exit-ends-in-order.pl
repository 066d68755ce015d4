#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
END { print "first $?\n" }
END { print "second $?\n"; exit 9 }
END { print "third $?\n"; die "in end\n" }
END { print "fourth $?\n"; system 'exit 3;'; print "system $?\n" }
exit 2;
