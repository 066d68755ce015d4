#!/usr/bin/perl
# mask: 0x[0-9a-f]+
print "Content-Type: text/plain\n\n";
sub AUTOLOAD { our $AUTOLOAD; print "$AUTOLOAD(@_)\n" unless $AUTOLOAD =~ /DESTROY/ }
anything(1, 2);
main->method(3);
(bless [])->other;
Elsewhere::lost() if eval { 1 };
