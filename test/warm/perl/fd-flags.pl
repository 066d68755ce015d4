#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: words
use Fcntl;
print "Content-Type: text/plain\n\n";
for my $handle (*STDIN, *STDOUT, *STDERR) {
  printf "%s status %o descriptor %d\n", $handle, fcntl($handle, F_GETFL, 0), fcntl($handle, F_GETFD, 0);
}
for my $number (0 .. 2) { open my $info, '<', "/proc/self/fdinfo/$number" or die $!; print "$number ", grep /^(?:flags|pos)/, <$info> }
printf "pipe of %d bytes\n", fcntl(STDOUT, 1032, 0);
