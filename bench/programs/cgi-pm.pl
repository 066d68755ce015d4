#!/usr/bin/perl
# A small page as programs of the CGI.pm age make one: a parameter, a JSON document, escaped HTML.
use strict;
use warnings;
use CGI;
use JSON::PP;

my $query = CGI->new;
my $name  = $query->param('name') // 'world';
my $json  = JSON::PP->new->canonical->encode({
    name   => $name,
    method => $query->request_method,
    items  => [ map { { id => $_, square => $_ * $_ } } 1 .. 10 ],
});

print $query->header(-type => 'text/html', -charset => 'utf-8');
print '<!DOCTYPE html><title>Greeting</title><h1>Hello, ', $query->escapeHTML($name), '!</h1>',
    '<pre>', $query->escapeHTML($json), "</pre>\n";
