#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\n\nthree\n\n\nfour\n
print "Content-Type: text/plain\n\n";
{ local $/ = ''; print 'paragraph of ', length(scalar <STDIN>), "\n" }
{ local $/ = \3; print 'three <', scalar(<STDIN>), ">\n" }
print 'byte ', getc, ' ', getc(STDIN), "\n";
{ local $/; print 'rest ', length(<STDIN>), "\n" }
print defined getc ? "more\n" : "end\n", eof() ? "all\n" : "not all\n";
