# What the cases of ../cases.ts ask of an application (README.md), by Perl's FCGI: `perl actions.pl SOCKET PROCESSES`.

use strict;
use warnings;
use Digest::SHA;
use FCGI;
use POSIX ();
use Time::HiRes ();

my ($path, $processes) = @ARGV;
my $socket = FCGI::OpenSocket($path, 100);
chmod 0777, $path;
for (1 .. $processes) { start() }
while (waitpid(-1, 0) > 0) { start() }

sub start {
    my $pid = fork();
    die "fork: $!" if !defined $pid;
    return if $pid != 0;
    serve();
    POSIX::_exit(0);
}

sub serve {
    my %env;
    my $gate = sub { $env{QUERY_STRING} =~ /(?:^|&)gate=([^&]+)/ ? $1 : die 'no gate' };
    $SIG{PIPE} = 'IGNORE';
    my $request = FCGI::Request(\*STDIN, \*STDOUT, \*STDERR, \%env, $socket);
    my $text = "Content-Type: text/plain\r\n";
    my %actions = (
        variables => sub {
            print "$text\r\n", map { "$_=$env{$_}\n" } sort keys %env;
        },
        echo => sub {
            print "Content-Type: $env{CONTENT_TYPE}\r\n\r\n";
            print $_ while read_piece(\$_);
        },
        digest => sub {
            my ($total, $sha256) = (0, Digest::SHA->new(256));
            while (read_piece(\my $piece)) { $total += length $piece; $sha256->add($piece) }
            print "$text\r\n$total ", $sha256->hexdigest, "\n";
        },
        stream => sub {
            print "$text\r\nfirst\n";
            $request->Flush;
            wait_for($gate->());
            print "last\n";
        },
        endless => sub {
            write_file($gate->() . '.begun');
            print "$text\r\n";
            while (1) {
                print "tick\n" x 1000 or last;
                $request->Flush;
                Time::HiRes::sleep(0.01);
            }
            write_file($gate->() . '.ended');
        },
        cut => sub {
            print "$text\r\nbegun\n";
            $request->Flush;
            wait_for($gate->());
            kill KILL => $$;
        },
        short => sub { print "${text}Content-Length: 1000\r\n\r\nbegun\n" },
        broken => sub { print "Status: 503 Broken Today\r\n$text\r\nit is broken\n" },
        unchanged => sub { print "Status: 304 Not Modified\r\nETag: \"one\"\r\n\r\n" },
        cookies => sub {
            print "${text}Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nSet-Cookie: c=3; HttpOnly\r\n\r\ncookies\n";
        },
        diagnostics => sub {
            print STDERR 'a word for the log of ', $gate->() =~ s{.*/}{}r, "\n";
            print "$text\r\ntold\n";
        },
    );
    while ($request->Accept() >= 0) {
        my ($do) = $env{QUERY_STRING} =~ /(?:^|&)do=([a-z]+)/;
        $actions{$do}->();
        $request->Finish();
    }
}

sub read_piece {
    my ($piece) = @_;
    return read STDIN, $$piece, 65536;
}

sub wait_for {
    my ($file) = @_;
    my $deadline = time() + 60;
    Time::HiRes::sleep(0.01) while !-e $file && time() < $deadline;
}

sub write_file {
    my ($file) = @_;
    open my $handle, '>', $file or die "$file: $!";
    print {$handle} "$$\n";
    close $handle;
}
