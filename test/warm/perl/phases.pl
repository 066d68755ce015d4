#!/usr/bin/perl
BEGIN { print "Content-Type: text/plain\n\n" }
print 'run ', ${^GLOBAL_PHASE}, "\n";
BEGIN { print 'begin ', ${^GLOBAL_PHASE}, "\n" }
UNITCHECK { print 'unitcheck ', ${^GLOBAL_PHASE}, "\n" }
CHECK { print 'check ', ${^GLOBAL_PHASE}, "\n" }
INIT { print 'init ', ${^GLOBAL_PHASE}, "\n" }
END { print 'end ', ${^GLOBAL_PHASE}, "\n" }
sub DESTROY { print "destroy @{$_[0]} ", ${^GLOBAL_PHASE}, "\n" }
our $global = bless ['our'];
my $lexical = bless ['my'];
{ my $inner = bless ['inner'] }
