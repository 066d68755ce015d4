#!/usr/bin/perl
# env: POSTERN_OWN=first
print "Content-Type: text/plain\n\n";
print `echo "\$POSTERN_OWN"`;
$ENV{POSTERN_OWN} = 'second';
print `echo "\$POSTERN_OWN"`;
{ local $ENV{POSTERN_OWN} = 'third'; print `echo "\$POSTERN_OWN"` }
print `echo "\$POSTERN_OWN"`;
delete $ENV{POSTERN_OWN};
print `echo "\${POSTERN_OWN-gone}"`;
$ENV{POSTERN_NEW} = 'new';
print `echo "\$POSTERN_NEW"`;
%ENV = (PATH => '/usr/bin:/bin');
print `/usr/bin/env`;
