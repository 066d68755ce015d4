#!/usr/bin/perl
package Shop;
print "Content-Type: text/plain\n\n";
print defined fileno(Shop::DATA) ? "shop\n" : "not the shop\n";
print <main::DATA>;
__END__
of main
