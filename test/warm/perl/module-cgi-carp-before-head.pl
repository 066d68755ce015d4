#!/usr/bin/perl
# mask: \[\w{3} \w{3} +\d+ [\d:]+ \d{4}\]|\w{3} \w{3} +\d+ [\d:]+ \d{4}
use CGI::Carp qw(fatalsToBrowser set_message warningsToBrowser);
BEGIN { set_message('Tell <b>us</b>') }
die 'nothing printed yet';
