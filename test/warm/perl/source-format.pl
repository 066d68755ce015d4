#!/usr/bin/perl
our ($item, $price, $text) = ('Apple', 1.5, 'A long text about apples that does not fit on one line of the page');
format STDOUT_TOP =
Item       Price
----------------
.
format STDOUT =
@<<<<<<<<< @##.##
$item,     $price
^<<<<<<<<<<<<<<~~
$text
.
print "Content-Type: text/plain\n\n";
write;
($item, $price, $text) = ('Pear', 22, 'Short');
write;
print "lines left $-, page $%\n";
