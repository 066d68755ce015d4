#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
sub show { my @frame = caller(shift // 0); print scalar(@frame), ': ', join(', ', map { defined ? $_ : 'undef' } @frame[0 .. 7]), "\n" }
my @top = caller;
print scalar(@top), " at top\n";
my @zero = caller 0;
print scalar(@zero), " at zero\n";
show($_) for 1 .. 3;
sub frames { my $depth = 0; $depth++ while caller $depth; $depth }
print 'depth ', frames(), "\n";
print 'depth in eval ', eval { frames() }, "\n";
print 'depth in string ', eval 'frames()', "\n";
my @sorted = sort { print 'depth in sort ', frames(), "\n"; 0 } 1, 2;
sub outer { inner(@_) }
sub inner { show(0); show(1); show(2); show(3) }
outer(1, 2);
my $list = [outer('list')];
my $anonymous = sub { show(1); show(2) };
$anonymous->();
