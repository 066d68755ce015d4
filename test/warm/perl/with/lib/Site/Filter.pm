package Site::Filter;
use Filter::Simple;
FILTER { s/\bshout\b/print/g };
1;
