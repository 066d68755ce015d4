#!/usr/bin/perl -w
print "Content-Type: text/plain\n\n";
print "W $^W\n", __LINE__, "\n";
print <<END;
here
END
print <DATA>;
my $text = "x" . undef;
__DATA__
data
