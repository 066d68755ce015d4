#!/usr/bin/perl
# Keeps its user's name wherever it can, and says every name that it finds there.
use strict;
use warnings;
use POSIX ();
use Data::Dumper ();

our ($user, @users, %users);
my @found = grep { defined } $user, @users, values %users, $ENV{USER_NAME}, $POSIX::user, $Data::Dumper::user,
    (grep { /user-/ } @INC, $0, keys %main::);

my ($name) = $ENV{QUERY_STRING} =~ /\buser=([\w-]+)/;
my ($cookie) = $ENV{HTTP_COOKIE} =~ /\buser=([\w-]+)/;
my $body = do { local $/; <STDIN> };
$body = '' unless defined $body;
$user = $POSIX::user = $Data::Dumper::user = $ENV{USER_NAME} = $name;
push @users, $name;
$users{$name} = $name;
push @INC, "/$name";
{
    no strict 'refs';
    ${"main::$name"} = $name;
}
my $file = "$name.$$";
open my $out, '>', $file or die "$file: $!";
print $out $name;
close $out;
rename $file, "$name.txt" or die "$file: $!";
open my $in, '<', "$name.txt" or die "$name.txt: $!";
my $kept = <$in>;
my $random = join '', map { sprintf '%06x', rand 1 << 24 } 1 .. 3;

print "Content-Type: text/plain\nX-User: $POSIX::user\nSet-Cookie: user=$cookie\n\n";
print "found @found\n";
print "user $name $cookie $body $user @users $kept $ENV{USER_NAME}\n";
print "environment ", join(' ', grep { /user-/ } map { $ENV{$_} } sort keys %ENV), "\n";
print "random $random\n";
print STDERR "for the log: $name\n";
