#!/usr/bin/perl
# mask: [Dd]ate: .*
use CGI qw(-nph :standard);
print header('text/plain'), "body\n";
