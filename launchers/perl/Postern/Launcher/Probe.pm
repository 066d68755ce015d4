# Whether modules may be loaded ahead of demand: asks a child that has loaded them, and may be the worse for it.
package Postern::Launcher::Probe;

BEGIN { $^H |= 0x602; ${^WARNING_BITS} = "\0" }    # `use strict; no warnings` without these in %INC

use Postern::Launcher::System ();

# Loading a hundred modules takes half a second; a module that takes longer than this waits for something.
my $LIMIT_SECONDS = 5;

# Tries files of modules in order. Returns nothing if all may be loaded; else why not, and the number of the file that
# is to blame, undefined where only all together are known to be.
sub reason_against {
    my ($folder, $is_own, $asked, @files) = @_;
    return if !@files;
    local $!;
    open my $output, '+>:raw', "$folder/output" or return "no file: $!";
    unlink "$folder/output";
    pipe my $verdict, my $verdict_end or return "no pipe: $!";
    my $pid = fork;
    return "no process: $!" if !defined $pid;
    if (!$pid) {
        setpgrp 0, 0;
        close $verdict;
        Postern::Launcher::System::become($_, fileno $output) for 1, 2;
        my $tell = fileno $verdict_end;
        # Only here, and by its path: what it names and loads is nothing for the launcher.
        require(__FILE__ =~ s/Probe\.pm\z/Trial.pm/r);
        delete @INC{ grep { m{Postern/Launcher} } keys %INC };
        my $begin  = sub { Postern::Launcher::System::write_all($tell, "$_[0]\n") };
        my $reason = Postern::Launcher::Trial::try_files($begin, $output, $is_own, $asked, @files);
        Postern::Launcher::System::write_all($tell, (defined $reason ? $reason : 'clean') . "\0");
        Postern::Launcher::System::leave();
    }
    close $verdict_end;
    my $said = '';
    my $deadline = time + $LIMIT_SECONDS;
    my $open = 1;
    # Its last byte is NUL; the end of the pipe may be long in coming, when the child has children.
    while ($open && $said !~ /\0\z/ && time <= $deadline) {
        vec(my $readable = '', fileno $verdict, 1) = 1;
        next if !select $readable, undef, undef, 1;
        $open = sysread $verdict, $said, 4096, length $said;
    }
    kill KILL => -$pid;
    Postern::Launcher::System::wait_for($pid);
    # The numbers of the files as they were begun, then the reason.
    my ($begun, $reason) = $said =~ /\A((?:\d+\n)*)(.*)\z/s;
    my $blamed = (split /\n/, $begun)[-1];
    undef $blamed if defined $blamed && $blamed == @files;
    return $open ? 'does not come to an end' : 'crashes', $blamed if $reason !~ s/\0\z//;
    return 'prints at the end', undef if $reason eq 'clean' && -s $output;
    return $reason eq 'clean' ? () : ($reason, $blamed);
}

1;
