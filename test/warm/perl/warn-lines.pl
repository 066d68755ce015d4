#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: one\ntwo\n
print "Content-Type: text/plain\n\n";
warn 'before reading';
my $line = <STDIN>;
warn 'after one';
$line = <STDIN>;
warn 'after two';
{ local $.; warn 'without' }
open my $self, '<', $0 or die $!;
$line = <$self>;
warn 'other handle';
close $self;
warn 'closed';
while (<DATA>) { warn "at $_" if /b/ }
die 'last';
__END__
a
b
