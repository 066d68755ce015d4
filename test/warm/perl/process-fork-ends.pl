#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
END { print $$ == $main::parent ? "parent ends\n" : "child ends\n" }
sub DESTROY { print $$ == $main::parent ? "parent destroys\n" : "child destroys\n" }
our $parent = $$;
our $object = bless [];
my $child = fork // die $!;
wait if $child;
