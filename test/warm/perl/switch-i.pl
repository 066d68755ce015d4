#!/usr/bin/perl -i.bak
# request: POST
# header: Content-Type: text/plain
# body: one\n
print "Content-Type: text/plain\n\n";
print defined $^I ? "in place $^I\n" : "not in place\n";
