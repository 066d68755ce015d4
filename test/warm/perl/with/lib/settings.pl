# What `do` and `require` of a file give.
$Settings::times++;
{ colour => 'green', size => 42, line => __LINE__, file => __FILE__ };
