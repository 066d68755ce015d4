# Which modules are loaded ahead of demand, which were left, and which the scripts have been seen to load.
package Postern::Launcher::Modules;

BEGIN { $^H |= 0x602 }    # `use strict` without strict.pm in %INC

use Postern::Launcher::System ();
use Postern::Launcher::Probe ();

my ($folder, @directories, %loaded_as, %told, %reported_stale);

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

    my @found;
    for my $module (@modules) {
        my $path = path_of(file_of($module));
        if (defined $path && is_own($path)) { push @found, $module; next }
        $told{ file_of($module) } = 1;
        $report->('left', $module, defined $path ? "not one of perl's own or installed" : 'not found');
    }
    admit($report, $flush, $step, @found);
    $told{$_} = 1 for keys %INC;
    %loaded_as = map { $_ => identity($_) } grep { defined && !ref } values %INC;
    return;
}

# Loads those that a trial finds nothing against. Usually all are clean, and one trial says so.
sub admit {
    my ($report, $flush, $step, @modules) = @_;
    @modules = grep { !exists $INC{ file_of($_) } } @modules;
    return if !@modules;
    my ($reason, $blamed) = Postern::Launcher::Probe::reason_against($folder, \&is_own, map { file_of($_) } @modules);
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
    open my $output, '-|', $perl, '-e', 'print join "\0", @INC' or die "Postern::Launcher: $perl: $!\n";
    my ($list, $part) = ('');
    $list .= $part while sysread $output, $part, 65536;
    return grep { m{^/} } split /\0/, $list;
}

sub is_own {
    my ($path) = @_;
    for (@directories) { return 1 if !index $path, $_ }
    return 0;
}

# What changes when a file is replaced or written to.
sub identity { return join ' ', (stat $_[0])[0, 1, 7, 9] }

# The files that are no longer what was loaded, each once.
sub changed {
    return grep { identity($_) ne $loaded_as{$_} && !$reported_stale{$_}++ } keys %loaded_as;
}

# In a worker, at its end: leaves the names of modules that would have been worth loading. By system calls, because a
# script may have done anything to handles; what cannot be written is not told.
sub note {
    my @modules = grep { !$told{$_} && /\A\w+(?:\/\w+)*\.pm\z/ && defined $INC{$_} && is_own($INC{$_}) } keys %INC;
    Postern::Launcher::System::create_file("$folder/$$", join "\n", @modules) if @modules;
    return;
}

# In the launcher, when a worker has ended: what it has noted and no other before.
sub learn {
    my ($pid) = @_;
    my $names = Postern::Launcher::System::take_file("$folder/$pid");
    return if !defined $names;
    my @files = grep { /\A\w+(?:\/\w+)*\.pm\z/ && !$told{$_}++ } split /\n/, $names;
    return map { s/\.pm\z//r =~ s{/}{::}gr } @files;
}

1;
