# Which modules are loaded ahead of demand, which were left, and which the scripts have been seen to load.
package Postern::Launcher::Modules;

BEGIN { $^H |= 0x602; ${^WARNING_BITS} = "\0" }    # `use strict; no warnings` without these in %INC

use Postern::Launcher::System ();
use Postern::Launcher::Probe ();
use Postern::Launcher::Source ();

my ($folder, @directories, @site_folders, %asked, %loaded_as, %told);
# What scripts' texts were found to be, by path: their identity, a reason or an empty string, and folders.
my %judged;
my $most_judged = 10_000;
my $most_bytes  = 4_000_000;

sub preload {
    my ($report, $flush, @modules);
    ($folder, $report, $flush, @modules) = @_;
    my $before = Postern::Launcher::System::microseconds();
    my $step = sub {
        my ($name) = @_;
        my $now = Postern::Launcher::System::microseconds();
        $report->('step', $name, $now - $before);
        $before = $now;
    };
    @directories = map { "$_/" } own_directories();
    $step->('find folders');

    # What the route asks for may be the site's own; a folder that is not from the root is another for each script.
    $asked{ file_of($_) } = 1 for map { /\A\+(.*)/s } @modules;
    my (@found, %seen);
    for my $module (grep { !$seen{$_}++ } map { s/\A\+//r } @modules) {
        my $path = path_of(file_of($module));
        undef $path if defined $path && $path !~ m{^/};
        if (defined $path && ($asked{ file_of($module) } || is_own($path))) { push @found, $module; next }
        $told{ file_of($module) } = 1;
        $report->('left', $module, defined $path ? "not one of perl's own or installed" : 'not found');
    }
    admit($report, $flush, $step, @found);
    $told{$_} = 1 for keys %INC;
    %loaded_as = map { $_ => identity($_) } grep { defined && !ref } values %INC;

    # Only what comes before perl's own can hide a module of these.
    my @before = grep { !ref } @INC;
    pop @before while @before && is_own("$before[-1]/");
    @before = () if !grep { is_own("$_/") } @INC[@before .. $#INC];
    @before = grep { !is_own("$_/") } @before;
    @site_folders = grep { m{^/} } @before;
    Postern::Launcher::Source::prepare(\%INC, [grep { !m{^/} } @before]);
    return;
}

# Loads those that a trial finds nothing against. Usually all are clean, and one trial says so.
sub admit {
    my ($report, $flush, $step, @modules) = @_;
    @modules = grep { !exists $INC{ file_of($_) } } @modules;
    return if !@modules;
    my ($reason, $blamed) = Postern::Launcher::Probe::reason_against($folder, \&is_own, \%asked, map { file_of($_) } @modules);
    $step->('try ' . @modules);
    $blamed = 0 if defined $reason && @modules == 1;
    if (defined $blamed) {
        my ($bad) = splice @modules, $blamed, 1;
        $told{ file_of($bad) } = 1;
        $report->('left', $bad, $reason);
        $flush->();
        return admit($report, $flush, $step, @modules);
    }
    if (defined $reason) {
        admit($report, $flush, $step, splice @modules, 0, @modules / 2);
        return admit($report, $flush, $step, @modules);
    }
    for my $module (@modules) {
        local ($@, $!, $_);
        eval { require(file_of($module)) };
        $step->("load $module");
    }
}

sub file_of { (my $file = "$_[0].pm") =~ s{::}{/}g; return $file }

sub path_of {
    my ($file) = @_;
    return (grep { -f } map { "$_/$file" } grep { !ref } @INC)[0];
}

# Those that perl itself knows of: neither PERL5LIB nor -I nor the working folder, which are the site's.
sub own_directories {
    my ($perl) = $^X =~ /(.*)/s;    # untainted: it is what runs us
    delete local @ENV{qw(PERL5LIB PERLLIB PERL5OPT PATH IFS CDPATH ENV BASH_ENV)};
    local ($?, $!);
    open my $complaints, '+>:raw', "$folder/output" or die "Postern::Launcher: $folder: $!\n";
    unlink "$folder/output";
    open my $errors, '>&', 2 or die "Postern::Launcher: standard error: $!\n";
    Postern::Launcher::System::become(2, fileno $complaints);
    my $is_started = open my $output, '-|:raw', $perl, '-e', 'print join "\0", @INC';
    Postern::Launcher::System::become(2, fileno $errors);
    die "Postern::Launcher: $perl: $!\n" if !$is_started;
    my ($list, $part) = ('');
    $list .= $part while sysread $output, $part, 65536;
    close $output;
    # As of a locale that the system does not have. Each script would say so, and no worker does.
    die "Postern::Launcher: perl complains whenever it is started here\n" if -s $complaints;
    return grep { m{^/} } split /\0/, $list;
}

sub is_own {
    my ($path) = @_;
    for (@directories) { return 1 if !index $path, $_ }
    return 0;
}

# What changes when a file is replaced or written to.
sub identity { return join ' ', (stat $_[0])[0, 1, 7, 9] }

# A file that is no longer what was loaded, or would now be found before it; or undefined.
sub changed {
    for (keys %loaded_as) { return $_ if identity($_) ne $loaded_as{$_} }
    return @site_folders ? Postern::Launcher::Source::shadow_in(@site_folders) : undef;
}

# In a worker, before its script begins: why that script must be started afresh, or nothing.
sub reason_for_cold {
    my ($script, $descriptor, $read) = @_;
    my ($identity, $size, $changed) = Postern::Launcher::System::look_at($descriptor);
    # A file that was written again within the resolution of its times would look the same.
    my $is_settled = defined $identity && time - $changed >= 2;
    $identity = '' if !$is_settled;
    $size = -s $script if !defined $size;
    my $judged = $judged{$script};
    if (!$is_settled || !$judged || $judged->[0] ne $identity) {
        $judged = [
            $identity,
            $size > $most_bytes
            ? 'it is too large to be looked through'
            : Postern::Launcher::Source::judge($read->($size), $script),
        ];
        leave_note('script', $script, @$judged);
    }
    my (undef, $reason, @folders) = @$judged;
    return $reason if length $reason;
    return if !@folders && !Postern::Launcher::Source::has_always();
    my $file = Postern::Launcher::Source::shadow_in(@folders);
    return if !defined $file;
    $reason = "it has a module of its own, $file";
    leave_note('cold', $script, $reason);
    return $reason;
}

# By system calls, because a script may have done anything to handles; what cannot be written is not told.
sub leave_note { Postern::Launcher::System::append_to_file("$folder/$$", join("\0", map { tr/\n/ /r } @_) . "\n") }

# In a worker, at its end: leaves the names of modules that would have been worth loading.
sub note {
    my @modules = grep { !$told{$_} && /\A\w+(?:\/\w+)*\.pm\z/ && defined $INC{$_} && is_own($INC{$_}) } keys %INC;
    leave_note('modules', @modules) if @modules;
    return;
}

# In the launcher, when a worker has ended: what it has noted and no other before, as words of reports.
sub learn {
    my ($pid) = @_;
    my $notes = Postern::Launcher::System::take_file("$folder/$pid");
    return if !defined $notes;
    my @reports;
    for (split /\n/, $notes) {
        my ($kind, @words) = split /\0/, $_, -1;
        if ($kind eq 'modules') {
            my @files = grep { /\A\w+(?:\/\w+)*\.pm\z/ && !$told{$_}++ } @words;
            push @reports, ['learned', map { s/\.pm\z//r =~ s{/}{::}gr } @files] if @files;
        }
        elsif (@words >= 2) {
            my ($script, @judged) = @words;
            my $reason = $judged[$kind eq 'script'];
            if ($kind eq 'script') {
                %judged = () if keys %judged >= $most_judged;
                $judged{$script} = \@judged;
            }
            push @reports, ['cold', $script, $reason] if length $reason;
        }
    }
    return @reports;
}

1;
