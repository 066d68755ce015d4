#!/usr/bin/perl
print "HTTP/1.1 203 Odd but Fine\r\nContent-Type: text/plain\r\nX-Own: yes\r\n\r\nown head\n";
