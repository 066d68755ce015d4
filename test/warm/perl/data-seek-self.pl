#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
seek DATA, 0, 0;
print <DATA>;
__END__
this too
