package Site::Marked;
use utf8;
sub name { length("naïve") . " of " . __FILE__ }
1;
