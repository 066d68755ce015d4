#!/usr/bin/perl
# request: POST ?from=query
# header: Content-Type: application/x-www-form-urlencoded
# body: name=J%FCrgen+K&text=a%0D%0Ab&empty=
# with: lib
require './lib/cgi-lib.pl';
&ReadParse(*input);
print &PrintHeader;
foreach $key (sort keys %input) { ($value = $input{$key}) =~ s/[^ -~]/sprintf('\\x%02x', ord $&)/ge; print "$key = $value\n"; }
print 'from' . (&MethPost ? " POST\n" : " GET\n");
chop($text = "words\n");
local($[) = 0 if 0;
print "$text$,$#ARGV\n";
