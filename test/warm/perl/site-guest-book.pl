#!/usr/bin/perl
# request: POST
# header: Content-Type: application/x-www-form-urlencoded
# body: name=Ann&text=Hello+there
use Fcntl qw(:flock :seek);
use SDBM_File;
read STDIN, my $body, $ENV{CONTENT_LENGTH};
my %field = map { tr/+/ /; split /=/ } split /&/, $body;
tie my %book, 'SDBM_File', 'book', O_RDWR() | O_CREAT(), 0644 or die $!;
sub O_RDWR { 2 }
sub O_CREAT { 64 }
$book{$field{name}} = $field{text};
open my $count, '+>>', 'count' or die $!;
flock $count, LOCK_EX or die $!;
seek $count, 0, SEEK_SET;
my $number = (<$count> // 0) + 1;
truncate $count, 0;
print $count "$number\n";
close $count;
print "Content-Type: text/plain\n\n", "entry $number: $_ says $book{$_}\n" for sort keys %book;
untie %book;
printf "%s %04o\n", $_, (stat)[2] & 07777 for sort glob 'book* count';
