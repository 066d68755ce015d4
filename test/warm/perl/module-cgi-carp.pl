#!/usr/bin/perl
# mask: \[\w{3} \w{3} +\d+ [\d:]+ \d{4}\]|\w{3} \w{3} +\d+ [\d:]+ \d{4}
use CGI::Carp qw(fatalsToBrowser);
print "Content-Type: text/plain\n\n";
warn 'a warning';
sub inner { warn 'from a sub' }
inner();
CGI::Carp::carp('carped');
eval { die 'caught' };
print $@;
die 'for good';
