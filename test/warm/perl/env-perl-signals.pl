#!/usr/bin/perl
# env: PERL_SIGNALS=unsafe
print "Content-Type: text/plain\n\n";
$SIG{ALRM} = sub { print "alarm\n" };
kill ALRM => $$;
print "after\n";
