package Site::Lazy;
use SelfLoader;
1;
__DATA__
sub hello { "Hello $_[0] from " . (caller 0)[3] }
sub bye { 'Bye' }
