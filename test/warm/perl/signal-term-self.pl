#!/usr/bin/perl
$| = 1;
print "Content-Type: text/plain\n\nbefore\n";
END { print "never\n" }
kill TERM => $$;
sleep 5;
