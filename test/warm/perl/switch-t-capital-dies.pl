#!/usr/bin/perl -T
print "Content-Type: text/plain\n\n";
for my $code (
  sub { system 'true' },
  sub { `true` },
  sub { exec 'true' },
  sub { open my $pipe, '-|', 'true' or die },
  sub { open my $file, '>', $ENV{QUERY_STRING} . 'x' or die },
  sub { unlink $ENV{SERVER_NAME} },
  sub { mkdir $ENV{SERVER_NAME} },
  sub { kill 0, $ENV{REMOTE_PORT} },
  sub { eval $ENV{SERVER_NAME}; die $@ },
  sub { require $ENV{SCRIPT_FILENAME} },
  sub { chdir $ENV{DOCUMENT_ROOT} },
  sub { umask $ENV{REMOTE_PORT} },
) {
  eval { $code->(); print "allowed\n" };
  print $@ =~ s/ at \S+ line/ at line/r;
}
$ENV{PATH} = '/usr/bin:/bin';
delete @ENV{qw(IFS CDPATH ENV BASH_ENV)};
print `echo allowed`;
system "echo $ENV{SERVER_NAME}";
