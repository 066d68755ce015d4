# The system calls that Perl has no function for, by number: without POSIX or Socket, because whatever the launcher
# loads is seen by every script (in %INC, and as pages to copy). Only systems whose numbers and structures are known
# are served; anywhere else this dies before `hello`, and the server goes on without a launcher.
package Postern::Launcher::System;

BEGIN { $^H |= 0x602; ${^WARNING_BITS} = "\0" }    # `use strict; no warnings` without these in %INC

my @names = qw(read write close openat dup3 fcntl pread64 recvmsg wait4 signalfd4 rt_sigprocmask clock_gettime prctl
    exit_group execve statx);
my %numbers_of = (
    x86_64  => [ 0,  1,  3,  257, 292, 72, 17,  47,  61,  289, 14,  228, 157, 231, 59,  332 ],
    i386    => [ 3,  4,  6,  295, 330, 55, 180, 372, 114, 327, 175, 265, 172, 252, 11,  383 ],
    generic => [ 63, 64, 57, 56,  24,  25, 67,  212, 260, 74,  135, 113, 167, 94,  221, 291 ],    # what came after 2010
);
# The field e_machine of an ELF file.
my %machines = (62 => 'x86_64', 3 => 'i386', 183 => 'generic', 243 => 'generic', 258 => 'generic');

# Constants of Linux, the same on all of the above. O_CLOEXEC with O_RDONLY is 0.
sub AT_FDCWD ()         { -100 }
sub O_CLOEXEC ()        { 02000000 }
sub MSG_CMSG_CLOEXEC () { 0x40000000 }
sub SIGCHLD ()          { 17 }
sub EINTR ()            { 4 }

my %number;

# The machine is this very program's: a 32-bit perl on a 64-bit kernel has other numbers than `uname` would say.
sub numbers {
    die "Postern::Launcher: no launcher for Perl on $^O\n" if $^O ne 'linux';
    open my $program, '<:raw', '/proc/self/exe' or die "Postern::Launcher: /proc/self/exe: $!\n";
    sysread $program, my $header, 20;
    my $machine = unpack(unpack('x5 C', $header) == 2 ? 'x18 n' : 'x18 v', $header);
    my $kind = $machines{$machine};
    die "Postern::Launcher: no launcher for Perl on ELF machine $machine\n"
        if !$kind || $kind eq 'generic' && length pack('P', '') != 8;
    @number{@names} = @{ $numbers_of{$kind} };
    return %number;
}

# A recvmsg that is made once and used again and again: `struct msghdr` holds the addresses of the two buffers, so they
# must never be assigned to as a whole, only read. The first bytes of what comes may have a buffer of their own.
# `L!` is a size_t, `P` a pointer; both fill their alignment.
my $cmsg_header = length pack 'L! i i';

sub message_buffer {
    my ($bytes, $descriptors, $head_bytes) = @_;
    my ($head, $data, $control) = ('', '', '');
    vec($head, $head_bytes - 1, 8) = 0 if $head_bytes;
    vec($data, $bytes - 1, 8) = 0;    # buffers of their own: what `x` makes could be shared between copies
    vec($control, $cmsg_header + 4 * ($descriptors + $descriptors % 2) - 1, 8) = 0;
    my $vector  = ($head_bytes ? pack 'P L!', $head, $head_bytes : '') . pack 'P L!', $data, $bytes;
    my $blank   = pack 'L! L! P L! P L! L!', 0, 0, $vector, $head_bytes ? 2 : 1, $control, length $control, 0;
    return { head => \$head, data => \$data, control => \$control, vector => \$vector, blank => $blank };
}

# Returns the number of bytes, 0 at the end and -1 for an error, and the descriptors that came with them.
sub receive {
    my ($socket, $buffer) = @_;
    my ($header, $length);
    do {
        $header = $buffer->{blank};
        $length = syscall $number{recvmsg}, $socket, $header, MSG_CMSG_CLOEXEC;
    } while ($length < 0 && $! == EINTR);
    return $length if $length <= 0 || (unpack 'L!6', $header)[5] < $cmsg_header;    # msg_controllen
    my ($own_length, $level, $type) = unpack 'L! i i', ${ $buffer->{control} };
    return $length if $level != 1 || $type != 1;    # SOL_SOCKET, SCM_RIGHTS
    return $length, unpack "x$cmsg_header i" . ($own_length - $cmsg_header) / 4, ${ $buffer->{control} };
}

sub microseconds {
    my $now = pack 'l!2', 0, 0;
    syscall $number{clock_gettime}, 1, $now;    # CLOCK_MONOTONIC
    my ($seconds, $nanoseconds) = unpack 'l!2', $now;
    return $seconds * 1_000_000 + int($nanoseconds / 1000);
}

# All of it: the server reads what we write, and ends us when it does not want to. Reports may have names of files in
# them, which are tainted under -T: they are only told, to the server that the files belong to.
sub write_all {
    my ($descriptor, $bytes) = @_;
    ($bytes) = $bytes =~ /\A(.*)\z/s if ${^TAINT};
    while (length $bytes) {
        my $written = syscall $number{write}, $descriptor, $bytes, length $bytes;
        next if $written < 0 && $! == EINTR;
        return if $written < 0;
        substr $bytes, 0, $written, '';
    }
    return 1;
}

# dup3 without flags: stays open when the process executes another program.
sub become { my ($descriptor, $of) = @_; syscall $number{dup3}, $of, $descriptor, 0 }

# Numbers, and nothing else. Under -T what has been read is tainted, what is worked out of it too, and `syscall` dies.
sub clean { return map { /\A([0-9]+)\z/ ? $1 : die "Postern::Launcher: no number: $_\n" } @_ }

# To and from an address. Each is a number to `syscall`, not the text of one, by + 0.
sub write_from { my @of = clean(@_); syscall $number{write}, $of[0] + 0, $of[1] + 0, $of[2] + 0 }
sub read_to    { my @of = clean(@_); syscall $number{read}, $of[0] + 0, $of[1] + 0, $of[2] + 0 }

# Fails in silence, as by a folder that is gone or another user's.
sub append_to_file {
    my ($path, $bytes) = @_;
    my $file = syscall $number{openat}, AT_FDCWD, $path, 02101 | O_CLOEXEC, 0600;    # O_WRONLY | O_CREAT | O_APPEND
    return if $file < 0;
    write_all($file, $bytes);
    syscall $number{close}, $file;
    return;
}

# The first bytes of a file that is then removed; nothing if there is none.
sub take_file {
    my ($path) = @_;
    # Whatever a script has put there instead: a named pipe must not be waited for (O_NONBLOCK).
    my $file = syscall $number{openat}, AT_FDCWD, $path, O_CLOEXEC | 04000;
    return if $file < 0;
    my $bytes = "\0" x 65536;
    my $length = syscall $number{read}, $file, $bytes, length $bytes;
    syscall $number{close}, $file;
    unlink $path;
    return $length > 0 ? substr $bytes, 0, $length : undef;
}

# What tells an open file from all others and from itself before a change, its size, and when it was last changed, in
# seconds; nothing before Linux 4.11. `stat` takes a path, which may be another file's by now; a path below /proc is dear.
sub look_at {
    my ($descriptor) = @_;
    my ($path, $found) = ('', "\0" x 256);
    return if syscall($number{statx}, $descriptor, $path, 0x1000, 0x7ff, $found) != 0;    # AT_EMPTY_PATH, basic statistics
    my ($size, $high) = unpack 'x40 L2', $found;
    my ($changed, $written) = unpack 'x96 L x12 L', $found;
    # Inode and size, changed, written, device. With nanoseconds.
    my $identity = unpack 'H*', join '', map { substr $found, $_->[0], $_->[1] } [32, 16], [96, 12], [112, 12], [136, 8];
    return $identity, $size + $high * 2**32, $changed > $written ? $changed : $written;
}

# Not `exec`, which dies under -T when the environment's PATH is not to its taste. `p` packs an address, of nothing 0.
sub execute {
    my ($path, $words, $environment) = @_;
    my ($argv, $envp) = (pack('p*', @$words, undef), pack 'p*', @$environment, undef);
    syscall $number{execve}, $path, $argv, $envp;
}

# At once: no END blocks, no destructors, no buffers written.
sub leave { syscall $number{exit_group}, $_[0] || 0 }

# One descriptor, read when a child has changed; the signal itself stays blocked, so that %SIG is never touched.
sub child_signal_descriptor {
    my $set = pack 'L! x' . (8 - length pack 'L!'), 1 << SIGCHLD - 1;
    mask(0, $set);
    return syscall $number{signalfd4}, -1, $set, 8, O_CLOEXEC | 04000;    # SFD_NONBLOCK
}

sub forget_child_signals {
    my ($descriptor) = @_;
    my $signals = "\0" x 1024;
    syscall $number{read}, $descriptor, $signals, 1024;
}

# Not `waitpid`, which leaves its mark in ${^CHILD_ERROR_NATIVE}.
sub wait_for { my ($pid) = @_; syscall $number{wait4}, $pid, 0, 0, 0 }

# Of any state.
sub has_children { return syscall($number{wait4}, -1, 0, 1, 0) != -1 }    # WNOHANG

# A child that has ended: its pid, wait status, CPU time in microseconds, and greatest size in bytes. Not `waitpid`,
# which does not tell what the child has used.
sub reap_one {
    my ($status, $usage) = ("\0" x 4, "\0" x 256);
    my $pid = syscall $number{wait4}, -1, $status, 1, $usage;    # WNOHANG
    return if $pid <= 0;
    my ($user_s, $user_us, $system_s, $system_us, $kilobytes) = unpack 'l!5', $usage;
    return $pid, unpack('i', $status), ($user_s + $system_s) * 1_000_000 + $user_us + $system_us, $kilobytes * 1024;
}

sub mask { my ($how, $set) = @_; syscall $number{rt_sigprocmask}, $how, $set, 0, 8 }

1;
