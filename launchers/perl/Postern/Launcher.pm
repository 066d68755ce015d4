# The launcher for Perl; launchers/README.md is its contract.
#
# `perl -Idir -MPostern::Launcher /dev/null` calls `import` while it compiles the first line of its program, when it has
# opened /dev/null as that program and read nothing of it. The whole launcher runs in that call. In a worker the script
# is put on the program's descriptor, and `import` returns: perl itself then reads and runs the script, so that `#!`
# switches, __FILE__, DATA, caller, BEGIN and END, messages and exit codes need no imitation.
#
# Nothing here may be left for a script to see or to feel: lexical variables only, no handle, no signal handler, no
# module (not even `strict`), our packages taken out of %main:: once all is loaded. What workers of one launcher do
# share: the preloaded modules are in %INC before they are asked for; the seed of hashes is drawn when perl starts; so
# are the addresses in a reference's name.
package Postern::Launcher;

BEGIN { $^H |= 0x602; ${^WARNING_BITS} = "\0" }    # `use strict; no warnings` without these in %INC

use Postern::Launcher::System ();
use Postern::Launcher::Modules ();
use Postern::Launcher::Worker ();
use Postern::Launcher::Internals ();

my $CONTROL = 63;
my %ERRNO = (1 => 'EPERM', 11 => 'EAGAIN', 12 => 'ENOMEM', 38 => 'ENOSYS');

# Defined before any script is read, so it runs after all END blocks of the script. It must not change what the script
# ends with, nor print. A child that the script forked is not the worker, and tells nothing.
my $worker = 0;
my $known  = 0;

END {
    if ($worker == $$ && keys %INC > $known) {
        local ($!, $@, $?);
        eval { local $SIG{__DIE__}; Postern::Launcher::Modules::note() };
    }
}

my (%call, $children, $packages, $folder);
my $reports = '';

sub report { $reports .= join(' ', map { s/([^!-\$&-~])/sprintf '%%%02X', ord $1/ger } @_) . "\n" }

sub flush {
    Postern::Launcher::System::write_all($CONTROL, $reports) if length $reports;
    $reports = '';
}

sub import {
    die "Postern::Launcher: a debugger (-d) watches one program, not many\n" if $^P;
    %call = Postern::Launcher::System::numbers();
    Postern::Launcher::Worker::prepare(%call);
    syscall $call{fcntl}, $CONTROL, 2, 1;    # F_SETFD, FD_CLOEXEC
    $children = Postern::Launcher::System::child_signal_descriptor();
    report('hello', 'perl', sprintf '%vd', $^V);
    flush();
    my @descriptors = serve();

    # From here on this process is a worker, and page after page that it writes to is copied.
    $worker = $$;
    Postern::Launcher::Worker::become_script(@descriptors);
}

# The server is gone, perhaps without a chance to tidy up.
sub end_launcher {
    if (defined $folder && opendir my $notes, $folder) {
        for (readdir $notes) {
            next if !/\A([^.].*)\z/s;    # untainted, in a statement of its own
            unlink "$folder/$1";
        }
        rmdir $folder;
    }
    Postern::Launcher::System::leave();
}

# Obeys the server until this process is a worker, and returns the descriptors that are to be closed there, the
# worker's own socket last.
sub serve {
    my $incoming = Postern::Launcher::System::message_buffer(4096, 64);
    my ($input, @received) = ('');
    for (;;) {
        flush();
        my $readable = '';
        vec($readable, $_, 1) = 1 for $CONTROL, $children;
        select $readable, undef, undef, undef;
        reap() if vec $readable, $children, 1;
        next if !vec $readable, $CONTROL, 1;

        my ($length, @descriptors) = Postern::Launcher::System::receive($CONTROL, $incoming);
        end_launcher() if $length <= 0;
        $input .= substr ${ $incoming->{data} }, 0, $length;
        push @received, @descriptors;
        my @ids;
        while ((my $end = index $input, "\n") >= 0) {
            my ($command, @words) = split / /, substr $input, 0, $end;
            substr $input, 0, $end + 1, '';
            s/%([0-9A-F]{2})/chr hex $1/gei for @words;
            if ($command eq 'preload') {
                preload(@words);
                @words = ();
                forget_files();
                report('ready');
            }
            push @ids, $words[0] if $command eq 'fork';
        }
        next if !@ids;
        my @sockets = splice @received, 0, @ids;
        my $socket = fork_workers(\@ids, \@sockets);
        return $CONTROL, $children, @received, grep({ $_ != $socket } @sockets), $socket if defined $socket;
        syscall $call{close}, $_ for @sockets;
    }
}

sub preload {
    ($folder, my @modules) = @_;
    # Our folder goes before anything is loaded: what modules see in @INC is what they would see without us.
    my $own = __FILE__ =~ s{/Postern/Launcher\.pm\z}{}r;
    @INC = grep { $_ ne $own } @INC;
    delete @INC{ grep { m{^Postern/Launcher} } keys %INC };
    eval { Postern::Launcher::Modules::preload($folder, \&report, \&flush, @modules); 1 } or give_up($@);
    Postern::Launcher::Worker::load_filter();

    my @same = Postern::Launcher::Internals::renew(Postern::Launcher::Worker::script_buffer(), '/dev/null');
    warn 'Postern::Launcher: scripts can tell by ' . join(' and ', @same) . "\n" if @same;

    # Out of sight; kept alive, because code that runs in a package that is no more is a risk.
    $packages = \%Postern::;
    delete $main::{'Postern::'};
    $known = keys %INC;
    %ENV   = ();
    return;
}

sub give_up {
    my ($reason) = @_;
    report('unfit', $reason =~ s/\APostern::Launcher: //r =~ s/\n\z//r);
    flush();
    Postern::Launcher::System::leave(1);
}

# The handle last read and the file last looked at, which `$.` and `_` mean, are none again.
sub forget_files {
    { open my $nothing, '<', '/dev/null'; readline $nothing }
    $. = undef;
    stat '';
    return;
}

my $looked_at = 0;

# At most once a second, when a worker has ended.
sub look_for_changes {
    return if time == $looked_at;
    $looked_at = time;
    my $changed = Postern::Launcher::Modules::changed();
    report('stale', $changed) if defined $changed;
    stat '';
}

# Undefined in the launcher; in a worker its own socket.
sub fork_workers {
    my ($ids, $sockets) = @_;
    my @pids;
    # Nothing else here: what is written to between two forks is copied once more.
    for my $socket (@$sockets) {
        my $pid = fork;
        last if !defined $pid;
        return $socket if !$pid;
        push @pids, $pid;
    }
    my $failure = $ERRNO{ $! + 0 } || 'E' . ($! + 0);
    for my $id (@$ids) {
        my $pid = shift @pids;
        # The worker does it too: whoever is told of it may signal its group at once.
        setpgrp $pid, $pid if $pid;
        report($pid ? ('forked', $id, $pid) : ('unforked', $id, $failure));
    }
    return;
}

sub reap {
    Postern::Launcher::System::forget_child_signals($children);
    while (my ($pid, $status, $microseconds, $bytes) = Postern::Launcher::System::reap_one()) {
        report('ended', $pid, $status, $microseconds, $bytes);
        report(@$_) for Postern::Launcher::Modules::learn($pid);
    }
    look_for_changes();
}

1;
