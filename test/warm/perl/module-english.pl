#!/usr/bin/perl
use English;
use Symbol 'gensym';
use if $] > 5, 'List::Util' => 'sum';
use Env qw(PATH_INFO @PATH $NEW);
use Errno qw(ENOENT :POSIX);
use vars qw($declared);
use Tie::Hash;
print "Content-Type: text/plain\n\n";
print $PROGRAM_NAME eq $0 ? 'same' : 'other', ' ', $PROCESS_ID == $$ ? 'same' : 'other', ' ', sum(1, 2), ' ', scalar(@PATH) > 1 ? 'path' : 'none', "\n";
'abc' =~ /b/;
print "$PREMATCH|$MATCH|$POSTMATCH\n", ref \gensym, ' ', *{ gensym() } =~ /GEN(\d+)/ ? "number $1" : 'none', "\n";
$NEW = 'set';
print `echo \$NEW`;
