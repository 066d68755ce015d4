#!/usr/bin/perl
# request: POST
# header: Content-Type: application/x-www-form-urlencoded
# body: name=J%C3%BCrgen&size=3
print "Content-Type: text/plain\n\n";
my $body;
print read(STDIN, $body, $ENV{CONTENT_LENGTH}), " $body\n";
print read(STDIN, $body, 10), " <$body>\n";
