#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
sub trace {
  my ($name, $depth) = (shift, 0);
  while (my @frame = caller $depth++) { print "$name $depth: ", join(', ', map { $_ // 'undef' } @frame[0 .. 7]), "\n" }
}
BEGIN { my $depth = 0; while (my @frame = caller $depth++) { printf "X-Begin-%d: %s\n", $depth, join ', ', map { $_ // 'undef' } @frame[0 .. 7] } }
END { trace('end') }
sub DESTROY { trace('destroy') }
{ my $object = bless [] }
local $SIG{__WARN__} = sub { trace('warn'); print @_ };
warn 'something';
eval { local $SIG{__DIE__} = sub { trace('die') }; die 'gone' };
print $@;
trace('run');
our $kept = bless [];
