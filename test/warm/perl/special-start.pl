#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print join("\n", "X $^X", "W $^W", "O $^O", "] $]", sprintf('V %vd', $^V), "P $^P", "D $^D", "F $^F", 'H ' . ($^H // 'undef'), 'M ' . (defined $^M ? 1 : 0), 'C ' . ($^C // 'undef')), "\n";
print 'taint ', ${^TAINT}, "\nunicode ", ${^UNICODE}, "\nopen ", ${^OPEN} // 'undef', "\nutf8locale ", ${^UTF8LOCALE} // 'undef', "\nutf8cache ", ${^UTF8CACHE} // 'undef', "\n";
print 'safe locales ', ${^SAFE_LOCALES} // 'undef', "\nre debug ", ${^RE_DEBUG_FLAGS} // 'undef', "\nchild ", ${^CHILD_ERROR_NATIVE} // 'undef', "\n";
