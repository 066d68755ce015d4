# A trial of modules, in a child of the launcher: loads them, and looks for what a script would find changed, what a
# fork would break, and what a module has read that is another's in each worker.
package Postern::Launcher::Trial;

BEGIN { $^H |= 0x602; ${^WARNING_BITS} = "\0" }    # `use strict; no warnings` without these in %INC

# Returns why the files should not be loaded ahead of demand, or nothing. `begin` is told the number of each. Those that
# are asked for may load files of the site.
sub try_files {
    my ($begin, $output, $is_own, $asked, @files) = @_;
    my $reads  = watch();
    my %before = state();
    for my $number (0 .. $#files) {
        $begin->($number);
        my %loaded = %INC;
        eval { require $files[$number]; 1 } or return 'fails: ' . substr +(split /\n/, $@)[0], 0, 120;
        return "reads $$reads when it is loaded" if $$reads;
        # Other modules do more when this one is loaded before them: threads::shared, Test::Builder, many with locks.
        return 'loads threads' if exists $INC{'threads.pm'};
        my %after = state();
        for my $what (sort keys %before) { return "changes $what" if $before{$what} ne $after{$what} }
        { local $| = 1 }    # writes what is printed
        return 'prints'                   if -s $output;
        return 'starts a timer'           if alarm 0;
        return 'starts threads'           if entries('/proc/self/task') > 1;
        return 'starts a process'         if Postern::Launcher::System::has_children();
        next if $asked->{ $files[$number] };
        return 'loads a file of the site'
            if grep { defined && !ref && !$is_own->($_) } @INC{ grep { !exists $loaded{$_} } keys %INC };
    }
    $begin->(scalar @files);
    untie $0;
    untie $$;
    untie $^T;
    untie @ARGV;
    untie %ENV;
    return fork_differs();
}

# Everything a script can see before it has done anything, by name.
sub state {
    local $! = 0;
    my $umask = umask;    # by itself: -T forbids it beside what is tainted
    my %state = (
        '%SIG'         => join(' ', map { "$_=" . ($SIG{$_} // '') } sort keys %SIG),
        'dispositions' => signals_of_status(),
        '%ENV'         => join("\0", map { "$_=$ENV{$_}" } sort keys %ENV),
        '@INC'         => join("\0", @INC),
        'descriptors'  => join(' ', entries('/proc/self/fd')),
        'the working folder' => join(' ', (stat '.')[0, 1]),
        'umask'        => $umask,
        'built-in functions' => join(' ', sort keys %CORE::GLOBAL::),
        'UNIVERSAL'    => join(' ', sort grep { $_ ne 'ISA' } keys %UNIVERSAL::),
        'special variables'  =>
            join("\0", map { $_ // 'undef' } $/, $\, $,, $;, $", $|, $^W, $^P, $^I, $^A, $^L, $:, $^, ${^CHILD_ERROR_NATIVE}),
        'standard handles'   => join(' ', select, map { PerlIO::get_layers($_) } *STDIN, *STDOUT, *STDERR),
        'the locale'   => do { BEGIN { $^H |= 4 } sprintf('%.1f', 1.5) . join '', sort 'a', 'B' },
    );
    return %state;
}

# What is caught and ignored as the kernel knows it: a library in C need not tell %SIG.
sub signals_of_status {
    open my $status, '<:raw', '/proc/self/status' or return '';
    sysread $status, my $text, 65536;
    return join ' ', $text =~ /^Sig(?:Blk|Ign|Cgt):\s*(\w+)/mg;
}

sub entries {
    my ($folder) = @_;
    opendir my $entries, $folder or return ();
    my @names = sort grep { /\d/ } readdir $entries;
    return @names;    # their number, to who asks for one value
}

# A child that does nothing must end as a child of any other perl, and draw other random numbers than its parent.
sub fork_differs {
    pipe my $read, my $write or return "no pipe: $!";
    my $pid = fork;
    return "no process: $!" if !defined $pid;
    if (!$pid) {
        syswrite $write, rand;
        close $_ for $read, $write;
        exit 0;
    }
    close $write;
    sysread $read, my $drawn, 64;
    waitpid $pid, 0;
    return 'ends with another status' if $?;
    return 'seeds the random numbers' if $drawn eq rand;
    return;
}

# Lets the name of what a module reads be seen that is another's in each worker. The variables that all requests have
# alike (SERVER_SOFTWARE, GATEWAY_INTERFACE) are no concern.
sub watch {
    my $read = '';
    tie $0, __PACKAGE__, \$read, '$0', $0;
    tie $$, __PACKAGE__, \$read, '$$', $$;
    tie $^T, __PACKAGE__, \$read, '$^T', $^T;
    tie @ARGV, __PACKAGE__, \$read, '@ARGV', {};
    tie %ENV, __PACKAGE__, \$read, '%ENV', {%ENV};
    *CORE::GLOBAL::time = sub () { $read = 'the time'; CORE::time() };
    return \$read;
}

# CGI.pm and others take an empty string of $0, only because it is a tainted one.
my $TAINTED_NOTHING = qr/substr\s*\(\s*"?\$0.*,\s*0\s*,\s*0\s*\)/;

sub source_line {
    my ($file, $number) = @_;
    open my $source, '<:raw', $file or return '';
    local ($/, $., $_) = ("\n");
    while (<$source>) { return $_ if $. == $number }
    return '';
}

my $OF_A_REQUEST =
    qr/^(?:HTTPS?|(?:HTTP|REQUEST|CONTENT|REMOTE|SCRIPT|PATH|AUTH|DOCUMENT|QUERY|REDIRECT)_\w+|SERVER_(?!SOFT)\w+)$/;

sub TIESCALAR { my ($class, @own) = @_; return bless \@own, $class }
sub TIEARRAY  { my ($class, @own) = @_; return bless \@own, $class }
sub TIEHASH   { my ($class, @own) = @_; return bless \@own, $class }
sub FETCHSIZE { my ($self) = @_; ${ $self->[0] } = $self->[1]; return 0 }

sub FETCH {
    my ($self, $key) = @_;
    if (defined $key) {
        # What the launcher has is of its route, and the same for all requests.
        ${ $self->[0] } = "$key in %ENV" if $key =~ $OF_A_REQUEST && !exists $self->[2]{$key};
        return $self->[2]{$key};
    }
    ${ $self->[0] } = $self->[1] if source_line((caller)[1, 2]) !~ $TAINTED_NOTHING;
    return $self->[2];
}
sub STORE    { my ($self, @pair) = @_; @pair > 1 ? $self->[2]{ $pair[0] } = $pair[1] : ($self->[2] = $pair[0]); return }
sub EXISTS   { my ($self, $key) = @_; $self->FETCH($key); return exists $self->[2]{$key} }
sub DELETE   { my ($self, $key) = @_; return delete $self->[2]{$key} }
sub FIRSTKEY { my ($self) = @_; my $reset = keys %{ $self->[2] }; return each %{ $self->[2] } }
sub NEXTKEY  { my ($self) = @_; return each %{ $self->[2] } }

1;
