package Site::Wherever;
our @seen;
my $depth = 0;
while (my @frame = caller $depth++) {
  push @seen, "$depth: " . join ', ', map { $_ // 'undef' } @frame[0 .. 7];
}
__PACKAGE__;
