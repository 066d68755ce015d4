#!/usr/bin/perl
BEGIN { print "Content-Type: text/plain\n\n"; $SIG{__DIE__} = sub { print "handler: @_"; exit 0 } }
use No::Such::Module;
