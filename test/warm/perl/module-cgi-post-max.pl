#!/usr/bin/perl
# request: POST
# header: Content-Type: application/x-www-form-urlencoded
# body: name=too+long+for+that
use CGI;
$CGI::POST_MAX = 10;
my $query = CGI->new;
print $query->header('text/plain'), $query->cgi_error // 'no error', "\n", $query->param('name') // 'none', "\n";
