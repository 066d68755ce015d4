#!/usr/bin/perl
use CGI;
print CGI->new->redirect(-uri => '/elsewhere?a=b', -status => 303, -cookie => CGI::cookie(-name => 'a', -value => 'b'));
