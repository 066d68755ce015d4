#!/usr/bin/perl
# env: TMPDIR={root}
use File::Spec;
use File::Temp 'tempfile';
use File::Basename;
print "Content-Type: text/plain\n\n", File::Spec->tmpdir, "\n";
my ($handle, $name) = tempfile(UNLINK => 1, TMPDIR => 1);
print dirname($name), "\n";
