#!/usr/bin/perl
use JSON::PP;
print "Content-Type: application/json\n\n";
my $json = JSON::PP->new->canonical->pretty;
print $json->encode({ list => [1, '2', 3.5, undef, JSON::PP::true], text => "J\x{fc}rgen \x{263a}" =~ s/[^ -~]/?/gr });
my $data = decode_json('{"a":[1,2,{"b":null}],"c":"\u263a"}');
print scalar @{ $data->{a} }, ' ', length $data->{c}, "\n";
eval { decode_json('{bad') };
print $@;
