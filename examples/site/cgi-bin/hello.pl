#!/usr/bin/env perl
# Greets by name: /cgi-bin/hello.pl?name=Ada
#
# Plain Perl. CGI.pm left the Perl distribution in 5.22; for a form with a few
# fields, these two subroutines do its work.

use strict;
use warnings;

binmode STDOUT;    # bytes in, bytes out: no encoding layer, no line-end change

# The fields of a query string, decoded. A field given twice keeps its first value.
sub fields {
    my ($query) = @_;
    my %fields;
    for my $pair (split /[&;]/, $query) {
        my ($key, $value) = split /=/, $pair, 2;
        for ($key, $value) {
            $_ = '' unless defined;
            tr/+/ /;
            s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
        }
        $fields{$key} = $value unless exists $fields{$key};
    }
    return %fields;
}

sub escape {
    my ($text) = @_;
    my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;', "'" => '&#39;');
    $text =~ s/([&<>"'])/$entity{$1}/g;
    $text =~ tr/\x00-\x1f\x7f/ /;    # no control characters either
    return $text;
}

my ($method, $program, $path, $query) =
    map { defined $ENV{$_} ? $ENV{$_} : '' } qw(REQUEST_METHOD SCRIPT_NAME PATH_INFO QUERY_STRING);

my %fields = fields($query);
my $name   = defined $fields{name} ? substr($fields{name}, 0, 240) : '';
$name = 'world' unless $name =~ /\S/;

my ($name_html, $method_html, $program_html) = map { escape($_) } $name, $method, $program;
my ($path_html, $query_html) = map { length $_ ? escape($_) : '(none)' } $path, $query;
my $version = sprintf '%vd', $^V;
my $time    = sprintf '%02d:%02d:%02d', (localtime)[2, 1, 0];

print "Content-Type: text/html; charset=utf-8\n\n";
exit if $method eq 'HEAD';

print <<"DOCUMENT";
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hello from Perl</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/style.css">
<p class="masthead"><img src="/favicon.svg" alt=""> <a href="/">Postern examples</a></p>
<h1>Hello, $name_html.</h1>
<p>Written by Perl $version at $time.</p>
<dl class="pairs">
<dt>Method</dt><dd><code>$method_html</code></dd>
<dt>Program</dt><dd><code>$program_html</code></dd>
<dt>Path after it</dt><dd><code>$path_html</code></dd>
<dt>Query string</dt><dd><code>$query_html</code></dd>
</dl>
<form class="inline">
<div class="field"><label for="name">Another name</label>
<input type="text" id="name" name="name" maxlength="80"></div>
<button>Greet</button>
</form>
DOCUMENT
