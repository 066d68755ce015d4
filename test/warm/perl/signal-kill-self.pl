#!/usr/bin/perl
print "Content-Type: text/plain\n\nlost\n";
kill KILL => $$;
sleep 5;
