#!/usr/bin/perl -T
# request: POST ?name=value
# header: Content-Type: text/plain
# body: some words\n
# env: PERL5LIB=/nonexistent/one
use Scalar::Util 'tainted';
print "Content-Type: text/plain\n\n";
print 'taint ', ${^TAINT}, "\n";
sub show { my ($name, $value) = @_; print "$name ", tainted($_[1]) ? "tainted\n" : "clean\n" }
show($_, $ENV{$_}) for grep !/^LC_|^LANG|^TZ|^TMPDIR/, sort keys %ENV;
show('0', $0);
show('X', $^X);
show('file', __FILE__);
show('literal', 'words');
my $line = <STDIN>;
show('input', $line);
show('match', $line =~ /(\w+)/ ? $1 : '');
show('joined', "a $line");
show('length', length $line);
show('cwd', do { require Cwd; Cwd::getcwd() });
show('readdir', do { opendir my $folder, '.'; (readdir $folder)[0] });
show('command', eval { `true` } // '');
print "$_\n" for @INC;
print 'time ', tainted($^T) ? 1 : 0, "\n";
