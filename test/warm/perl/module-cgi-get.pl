#!/usr/bin/perl
# request: GET /info?name=J%C3%BCrgen&colour=red&colour=blue&empty=;last=1
# header: Cookie: visits=3; style=dark%20one
use CGI;
my $query = CGI->new;
print $query->header(-type => 'text/plain', -charset => 'utf-8', -cookie => $query->cookie(-name => 'visits', -value => 4), -expires => 0);
print "$_ = ", join(' | ', $query->multi_param($_)), "\n" for $query->multi_param;
print join("\n", $query->url, $query->self_url, $query->path_info, $query->request_method, $query->cookie('style'), $query->remote_host, $query->script_name), "\n";
