package Text::Wrap;
sub wrap { 'wrap of ' . __FILE__ }
1;
