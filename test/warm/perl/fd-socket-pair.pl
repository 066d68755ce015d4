#!/usr/bin/perl
use Socket;
use IO::Handle;
print "Content-Type: text/plain\n\n";
socketpair my $one, my $two, AF_UNIX, SOCK_STREAM, PF_UNSPEC or die $!;
$_->autoflush(1) for $one, $two;
my $child = fork // die $!;
if ($child == 0) { close $one; my $line = <$two>; print $two uc $line; exit 0 }
close $two;
print $one "words\n";
print scalar <$one>;
waitpid $child, 0;
socket my $listener, PF_INET, SOCK_STREAM, getprotobyname('tcp') or die $!;
bind $listener, sockaddr_in(0, INADDR_LOOPBACK) or die $!;
listen $listener, 1;
my ($port, $address) = sockaddr_in(getsockname $listener);
print $port > 1023 ? "port\n" : "no port\n", inet_ntoa($address), "\n";
