#!/usr/bin/perl
# What is left at the end is destroyed, wherever it is kept: in packages of modules, in handles, in what has no name.
# mask: ^(?:scalar|element|member|handle|cycle|array|code|deleted)$
use CGI;
use Carp;
use Data::Dumper;
print "Content-Type: text/plain\n\n";
package Noisy { sub new { my ($class, $name) = @_; bless { name => $name }, $class } sub DESTROY { print "$_[0]{name}\n" } }
$Data::Dumper::Noisy = Noisy->new('scalar');
@Carp::Noisy = Noisy->new('element');
$CGI::EXPORT_OK{noisy} = Noisy->new('member');
open our $noisy, '<', '/dev/null' or die $!;
*$noisy = \Noisy->new('handle');
my $cycle = Noisy->new('cycle');
$cycle->{self} = $cycle;
our @noisy = map { Noisy->new('array') } 1 .. 3;
my $kept = Noisy->new('code');
sub keeps { $kept }
delete $Carp::{longmess_jmp};
delete @CGI::EXPORT_OK{(keys %CGI::EXPORT_OK)[0 .. 3]};
our @more = map { Noisy->new('deleted') } 1 .. 3;
open STDOUT, '|-', 'cat; echo closed' or die $!;
$| = 1;
print "to a pipe\n";
