#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print scalar <DATA>;
END { print 'end ', <DATA> }
__END__
one
two
