#!/usr/bin/perl
my $name = 'World';
print <<HEAD, <<'RAW', <<~INDENTED;
Content-Type: text/plain

Hello $name @{[ 1 + 1 ]}
HEAD
$name stays
RAW
    indented
      more
    INDENTED
print 'line ', __LINE__, "\n";
