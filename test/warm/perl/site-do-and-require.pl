#!/usr/bin/perl
# with: lib
print "Content-Type: text/plain\n\n";
my $settings = do './lib/settings.pl';
print "$settings->{colour} $settings->{file} $settings->{line}\n";
print ref require('./lib/settings.pl'), "\n";
print require('./lib/settings.pl'), " $Settings::times\n";
print "$INC{'./lib/settings.pl'}\n";
print join(' ', sort grep /settings|Site/, keys %INC), "\n";
print defined do('settings.pl') ? "found\n" : "not found $!\n";
use warnings;
my $result = do 'lib/settings.pl';
