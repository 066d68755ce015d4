#!/usr/bin/env -S perl -w
print "Content-Type: text/plain\n\nW $^W\n", 'x' . undef, "\n";
