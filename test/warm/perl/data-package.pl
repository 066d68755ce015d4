#!/usr/bin/perl
package Shop;
print "Content-Type: text/plain\n\n";
print fileno(main::DATA) // 'none', ' ', fileno(Shop::DATA) // 'none', "\n";
print <DATA>;
__DATA__
of the shop
