#!/usr/bin/perl
use Data::Dumper;
use Storable qw(freeze thaw dclone store retrieve);
$Data::Dumper::Sortkeys = 1;
print "Content-Type: text/plain\n\n";
my $data = { a => [1, { b => undef }], c => \'text', d => sub { 1 }, e => qr/x/i };
print Dumper($data);
print Data::Dumper->new([[1]], ['name'])->Terse(1)->Indent(0)->Dump, "\n";
delete $data->{d};
delete $data->{e};
store $data, 'stored';
print retrieve('stored')->{a}[0], ' ', ref dclone($data)->{c}, ' ', thaw(freeze([1, 2]))->[1], "\n";
