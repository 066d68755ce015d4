#!/usr/bin/perl
push @INC, '/nonexistent/lib';
push(@INC, './lib');
print "Content-Type: text/plain\n\n";
print "$#INC @INC\n", exists $INC{'mod_perl.pm'} ? "mod_perl\n" : "plain\n";
print join(' ', sort grep { !/^\// } keys %INC), "\n";
