#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my $parent = $$;
$SIG{USR1} = sub { print "usr1\n" };
my $child = fork // die $!;
if ($child == 0) { select undef, undef, undef, 1; kill USR1 => $parent; require POSIX; POSIX::_exit(0) }
my $slept = sleep 10;
print $slept < 8 ? "woken\n" : "slept $slept\n";
waitpid $child, 0;
