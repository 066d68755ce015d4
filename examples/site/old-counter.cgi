#!/usr/bin/env perl
# A visitor counter, as every page had one in 1997.
#
#   old-counter.cgi               a page with the number
#   old-counter.cgi/digits.svg    the number as a picture, for use in any page:
#                                 <img src="/old-counter.cgi/digits.svg" alt="">
#
# It lies outside cgi-bin: the ending .cgi makes it a program. What has changed
# since 1997: the file is locked while the number changes, and lies in a folder
# that nobody else can write to.

use strict;
use warnings;
use Cwd qw(abs_path);
use Fcntl qw(:flock :mode O_RDWR O_CREAT O_NOFOLLOW);
use File::Spec;

sub variable { my ($name) = @_; return defined $ENV{$name} ? $ENV{$name} : '' }

# Adds one to the number in the file, and returns it.
sub count {
    my ($add) = @_;

    # One number for each place this program is installed at.
    my $place = abs_path($0);
    $place =~ s/[^A-Za-z0-9]+/-/g;
    my $folder = File::Spec->catdir(File::Spec->tmpdir, "old-counter-$>" . substr($place, -150));

    mkdir $folder, 0700;
    my @found = lstat $folder or die "$folder: $!\n";
    die "$folder is not a private folder\n"
        unless S_ISDIR($found[2]) and $found[4] == $> and not $found[2] & 077;

    my $file = File::Spec->catfile($folder, 'number');
    sysopen my $handle, $file, O_RDWR | O_CREAT | O_NOFOLLOW, 0600 or die "$file: $!\n";
    flock $handle, LOCK_EX or die "$file: $!\n";
    my $line = <$handle>;
    my $number = defined $line && $line =~ /^([0-9]{1,9})$/ ? $1 : 0;
    if ($add) {
        $number++;
        seek $handle, 0, 0 or die "$file: $!\n";
        truncate $handle, 0 or die "$file: $!\n";
        print {$handle} "$number\n";
    }
    close $handle or die "$file: $!\n";    # also writes, and gives the lock back
    return $number;
}

# The number as seven-segment digits: which segments are lit in 0 to 9.
my @lit  = qw(abcdef bc abged abgcd fgbc afgcd afgedc abc abcdefg abcdfg);
my %line = (
    a => 'M5 4h10',  b => 'M16 5v10', c => 'M16 17v10', d => 'M5 28h10',
    e => 'M4 17v10', f => 'M4 5v10',  g => 'M5 16h10',
);

sub picture {
    my ($number) = @_;
    my @digits = split //, sprintf '%06d', $number;
    my $width  = 20 * @digits;
    my ($x, $on, $off) = (0, '', '');
    for my $digit (@digits) {
        for my $segment (sort keys %line) {
            (my $path = $line{$segment}) =~ s/^M(\d+)/'M' . ($1 + $x)/e;
            if (index($lit[$digit], $segment) >= 0) { $on .= $path }
            else                                    { $off .= $path }
        }
        $x += 20;
    }
    return <<"SVG";
<svg xmlns="http://www.w3.org/2000/svg" class="digits" viewBox="0 0 $width 32" height="32" role="img" aria-label="$number">
<rect width="$width" height="32" rx="3" fill="#10201a"/>
<g fill="none" stroke-width="2.4" stroke-linecap="round">
<path d="$off" stroke="#1b3229"/>
<path d="$on" stroke="#7fe3b0"/>
</g>
</svg>
SVG
}

sub page {
    my ($number) = @_;
    my $picture = picture($number);
    return <<"DOCUMENT";
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>You are visitor number $number</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/style.css">
<p class="masthead"><img src="/favicon.svg" alt=""> <a href="/">Postern examples</a></p>
<h1>You are visitor number</h1>
$picture
<p>Reload the page and you are the next one. This program lies next to <code>index.html</code>, outside
<code>cgi-bin</code>: its name ends in <code>.cgi</code>.</p>
DOCUMENT
}

binmode STDOUT;
my $head = variable('REQUEST_METHOD') eq 'HEAD';
my $path = variable('PATH_INFO');

my ($status, $type, $body);
if ($path eq '') {
    ($status, $type, $body) = ('200 OK', 'text/html', page(count(!$head)));
}
elsif ($path eq '/digits.svg') {
    ($status, $type, $body) = ('200 OK', 'image/svg+xml', picture(count(!$head)));
}
else {
    ($status, $type, $body) = ('404 Not Found', 'text/plain', "There is nothing at this path.\n");
}

print "Status: $status\nContent-Type: $type; charset=utf-8\nX-Content-Type-Options: nosniff\nCache-Control: no-store\n\n";
print $body unless $head;
