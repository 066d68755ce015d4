#!/usr/bin/perl
# mask: \d+ kB|Tgid:.*|Pid:.*|PPid:.*|NStgid:.*|NSpid:.*|NSpgid:.*|NSsid:.*|ctxt_switches:.*|Ngid:.*|SigQ:.*|FDSize:.*|Cpus_allowed.*
print "Content-Type: text/plain\n\n";
open my $file, '<', '/proc/self/status' or die $!;
while (<$file>) {
  next if /^(?:Vm|Rss|Huge|THP)/;
  print;
}
