#!/usr/bin/perl
# request: POST
# header: Content-Type: text/plain
# body: J\xc3\xbcrgen\n
# env: PERL_UNICODE=SD
print "Content-Type: text/plain\n\n";
my $name = <STDIN>;
chomp $name;
print length $name, " $name\n", 'unicode ', ${^UNICODE}, "\n";
open my $self, '<', $0 or die $!;
print join(' ', PerlIO::get_layers($_)), "\n" for *STDIN, *STDOUT, *STDERR, $self;
print "\x{263a}\n";
