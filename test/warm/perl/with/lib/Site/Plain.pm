package Site::Plain;
use strict;
use warnings;
sub name { __PACKAGE__ . ' of ' . __FILE__ . ' line ' . __LINE__ }
sub complain { warn 'plain complaint' }
sub fail { die 'plain failure' }
1;
