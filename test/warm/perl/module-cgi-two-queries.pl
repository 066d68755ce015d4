#!/usr/bin/perl
# request: GET ?a=1
use CGI;
print CGI::header('text/plain');
my $one = CGI->new;
my $two = CGI->new('b=2&c=3');
my $three = CGI->new({ d => 4 });
print join(' ', map { join ',', $_->param } $one, $two, $three), "\n";
$one->delete('a');
print scalar(CGI->new->param), "\n";
print CGI->new->Vars->{a} // 'none', "\n", CGI::unescape('a%20b'), ' ', CGI::escapeHTML('<&>'), "\n";
print "$CGI::VERSION $CGI::DISABLE_UPLOADS $CGI::POST_MAX $CGI::USE_PARAM_SEMICOLONS $CGI::NPH $CGI::XHTML\n";
