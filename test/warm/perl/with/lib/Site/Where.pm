package Site::Where;
our @seen;
sub note {
  my ($name, $depth) = (shift, 0);
  while (my @frame = caller ++$depth) {
    push @seen, "$name $depth: " . join ', ', map { $_ // 'undef' } @frame[0 .. 7];
  }
}
sub load { note('load') }
sub import { shift; note("import @_") }
load();
1;
