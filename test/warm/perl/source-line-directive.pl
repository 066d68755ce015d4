#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
# line 100 "elsewhere.tt"
print __FILE__, ' ', __LINE__, "\n";
warn 'here';
eval qq{#line 7 "generated"\ndie 'there'};
print $@;
eval { die 'in eval' };
print $@;
