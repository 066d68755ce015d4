# Blocks that come too late when this is read at run time.
INIT { print "late init\n" }
CHECK { print "late check\n" }
END { print "late end\n" }
print "late run\n";
1;
