#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: \{30000*0123456789}
# length: unknown
print "Content-Type: text/plain\n\n";
print "$ENV{CONTENT_LENGTH}\n", -f STDIN ? "file\n" : -p STDIN ? "pipe\n" : "other\n", tell(STDIN), "\n";
my $read = read STDIN, my $body, 1_000_000;
print "$read\n", seek(STDIN, 10, 0) ? 'again ' . getc(STDIN) : "no seek $!", "\n";
