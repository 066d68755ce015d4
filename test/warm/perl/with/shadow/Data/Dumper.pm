package Data::Dumper;
use parent 'Exporter';
our @EXPORT = ('Dumper');
sub Dumper { 'dumper of ' . __FILE__ . "\n" }
1;
