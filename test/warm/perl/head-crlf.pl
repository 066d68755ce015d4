#!/usr/bin/perl
print "Content-Type: text/plain\r\nX-Own: yes\r\n\r\nbody\r\n";
