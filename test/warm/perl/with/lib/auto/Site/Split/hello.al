package Site::Split;
sub hello { "Hello $_[0] from " . __FILE__ }
1;
