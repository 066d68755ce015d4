#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
for my $name ($0, __FILE__, $ENV{SCRIPT_FILENAME}) {
  open my $file, '<', $name or die "$name: $!";
  my @lines = <$file>;
  print scalar(@lines), " lines, $lines[-1]";
}
# the last line
