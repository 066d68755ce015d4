#!/usr/bin/perl
eval 'exec /usr/bin/perl -S $0 ${1+"$@"}'
  if 0;
print "Content-Type: text/plain\n\n";
print 'line ', __LINE__, "\n";
