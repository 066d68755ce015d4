# A worker: waits for its request, and makes of this process what perl would be when it is about to read the script.
# What is written here is paid for by every request: no module, no loop over what could have been done before the fork.
package Postern::Launcher::Worker;

BEGIN { $^H |= 0x602; ${^WARNING_BITS} = "\0" }    # `use strict; no warnings` without these in %INC

use Postern::Launcher::System ();
use Postern::Launcher::Modules ();

my (%call, $program, $request, $tainted, $decode_words, $install_filter, $end_filter);
my $no_signals = "\0" x 8;
my $first_bytes = '';

sub prepare {
    %call         = @_;
    $program      = program_descriptor();
    $request      = Postern::Launcher::System::message_buffer(16384, 3, 4);
    $tainted      = substr $^X, 0, 0;    # makes tainted what it is joined to
    # The words of a script are characters under -CA, or under -CAL in a UTF-8 locale (perlrun, -C).
    $decode_words = ${^UNICODE} & 32 && (!(${^UNICODE} & 64) || ${^UTF8LOCALE});
    vec($first_bytes, 255, 8) = 0;
    return;
}

# Where its path will stand, with a NUL behind it, when a request has come.
sub script_buffer { return $request->{data} }

# Where perl has opened its program, /dev/null.
sub program_descriptor {
    my $device = (stat '/dev/null')[6];
    for my $descriptor (3 .. 62) {
        open my $copy, '<&', $descriptor or next;
        return $descriptor if (stat $copy)[6] == $device;
    }
    die "Postern::Launcher: the program is not /dev/null\n";
}

# The C half of Filter::Util::Call, without its Perl half: scripts that `use` the module then find it unloaded, as they
# should. Where another module has it loaded, that is taken.
sub load_filter {
    my $name = 'Filter::Util::Call';
    my $mine = !defined &Filter::Util::Call::real_import;
    if ($mine) {
        my ($file) = grep { -e } map { "$_/auto/Filter/Util/Call/Call.so" } grep { !ref } @INC;
        die "Postern::Launcher: $name is not installed\n" if !defined $file;
        DynaLoader::boot_DynaLoader('DynaLoader') if !defined &DynaLoader::dl_load_file;
        my $library = DynaLoader::dl_load_file($file, 0) or die "Postern::Launcher: " . DynaLoader::dl_error() . "\n";
        my $boot = DynaLoader::dl_find_symbol($library, 'boot_Filter__Util__Call');
        DynaLoader::dl_install_xsub("${name}::bootstrap", $boot, $file)->($name);
    }
    $install_filter = \&Filter::Util::Call::real_import;
    $end_filter     = \&Filter::Util::Call::filter_del;
    if ($mine) {
        delete $Filter::Util::{'Call::'};
        delete $Filter::{'Util::'} if !%Filter::Util::;
        delete $main::{'Filter::'} if !%Filter::;
    }
    return;
}

# Takes the descriptors of the launcher that are to be closed, and last the socket on which the request will come.
sub become_script {
    my $socket = pop;
    setpgrp 0, 0;
    syscall $call{close}, $_ for @_;
    syscall $call{rt_sigprocmask}, 2, $no_signals, 0, 8;    # SIG_SETMASK

    my ($message, @descriptors) = await_request($socket);
    syscall $call{dup3}, $descriptors[$_], $_, 0 for 0 .. 2;
    syscall $call{close}, $_ for @descriptors, $socket;

    my ($script, $folder, $count, @variables) = split /\0/, $message, -1;
    @ARGV = splice @variables, 0, $count;
    for (@variables) {
        my $equals = index $_, '=';
        $ENV{ substr $_, 0, $equals } = substr $_, $equals + 1 if $equals > 0;
    }
    chdir $folder or fail("Can't chdir to $folder");
    open_program($script) or execute($script);
    execute($script) if defined Postern::Launcher::Modules::reason_for_cold($script, $program, \&read_program);
    stat '';    # what `_` means is no file

    # `ps` shows this name, and the kernel's short name for the process is what it would have taken from the path.
    $0 = $script . $tainted;
    my $short_name = substr $script, rindex($script, '/') + 1;
    syscall $call{prctl}, 15, $short_name;    # PR_SET_NAME
    # What is no UTF-8 is marked as characters all the same by perl, and only by perl.
    if ($decode_words) { utf8::decode($_) or execute($script) for @ARGV }
    if (${^TAINT})     { $_ .= $tainted for @ARGV, values %ENV }
    $^T = time;
    # perl knows its program as /dev/null; this line, before the first of the script, tells it otherwise.
    my $line = "# line 1 \"$script\"\n";
    $install_filter->(sub { $end_filter->(); $_ = $line; 1 }, 'main', 1);
    $! = 0;
    return;
}

# The message without its length, and the three descriptors that came with its first byte.
sub await_request {
    my ($socket) = @_;
    my ($length, @descriptors) = Postern::Launcher::System::receive($socket, $request);
    Postern::Launcher::System::leave() if $length < 4;
    my $message = substr ${ $request->{data} }, 0, $length - 4;
    my $whole   = unpack 'V', ${ $request->{head} };
    while (length $message < $whole) {
        my $more = "\0" x 65536;
        $length = syscall $call{read}, $socket, $more, length $more;
        next if $length < 0 && $! == Postern::Launcher::System::EINTR;
        Postern::Launcher::System::leave() if $length <= 0;
        $message .= substr $more, 0, $length;
    }
    Postern::Launcher::System::leave(255) if @descriptors != 3;
    return $message, @descriptors;
}

# Puts the script where perl will read its program. False if perl could not make the same of it as if it had been given
# the script's name.
sub open_program {
    my ($script) = @_;
    return 0 if $script =~ /["\n]/;    # a `# line` cannot name it
    my $flags = Postern::Launcher::System::O_CLOEXEC;
    my $file = syscall $call{openat}, Postern::Launcher::System::AT_FDCWD, $script, $flags;
    return 0 if $file < 0;
    my $length = syscall $call{pread64}, $file, $first_bytes, 256, 0, 0;
    return 0 if $length < 0;
    if ($first_bytes =~ /\A[ \t]*:?#!([^\n]*)/) {
        my $interpreter = $1;
        # perl executes what is no perl, with the arguments that it was itself started with: the launcher's.
        return 0 if $interpreter !~ /perl|indir/;
        # The switch -s takes words from those arguments, too.
        return 0 if $interpreter =~ /perl.*[ \t]-[^MmI \t]*s/;
    }
    syscall $call{dup3}, $file, $program, $flags;
    syscall $call{close}, $file;
    return 1;
}

sub read_program {
    my ($bytes) = @_;
    my $text = "\0" x $bytes;
    my $length = syscall $call{pread64}, $program, $text, $bytes, 0, 0;
    return $length == $bytes ? $text : substr $text, 0, $length < 0 ? 0 : $length;
}

sub execute {
    my ($script) = @_;
    Postern::Launcher::System::execute($script, [$script, @ARGV], [map { "$_=$ENV{$_}" } keys %ENV]);
    fail("Can't open perl script \"$script\"");
}

# perl's own exit code for a script that cannot be opened.
sub fail {
    my ($what) = @_;
    Postern::Launcher::System::write_all(2, "$what: $!\n");
    Postern::Launcher::System::leave(2);
}

1;
