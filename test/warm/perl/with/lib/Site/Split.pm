package Site::Split;
use AutoLoader 'AUTOLOAD';
1;
