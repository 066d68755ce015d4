# Where scripts get their scalars from. perl goes through all scalars when it ends, for what is left to be destroyed, and
# writes to each that is a name: with a few modules preloaded, that is a third of all memory a worker writes to, and so
# has to copy. What the preloaded modules consist of needs no looking through: it is taken out of perl's list of arenas,
# the pieces of memory that hold scalars. Then what a script makes lies in arenas of its own, side by side.
#
# perl's list is found as a chain that looks as no other does. It is left as it is where an object among the preloaded
# might have something to do at the end, and put back for a script that has threads, whose end counts all scalars.
package Postern::Launcher::Arenas;

BEGIN { $^H |= 0x602; ${^WARNING_BITS} = "\0" }    # `use strict; no warnings` without these in %INC

use Postern::Launcher::Internals ();

# A scalar's head: its body, how often it is referred to, flags, a word. The first head of an arena is the arena's own:
# the next arena, its number of heads, no flags.
my $head       = 'L! L L L!';
my $head_bytes = length pack $head, 0, 0, 0, 0;
my $heads      = int 4080 / $head_bytes;
my $is_object  = 0x00100000;

# So many scalars are there for a script to begin with.
my $supply = 2000;

my ($list, $oldest_kept, $newest_preloaded, $first_of_scripts, @held);

# Before modules are loaded.
sub begin {
    my @found;
    my $structure = Postern::Launcher::Internals::structure() or return;
    my @words = unpack 'L!*', Postern::Launcher::Internals::peek($structure, 8192);
    for my $index (0 .. $#words) {
        next if !is_chain($words[$index]);
        push @found, $structure + length(pack 'L!') * $index;
    }
    return if @found != 1 || !flags_are_known();
    $list        = $found[0];
    $oldest_kept = Postern::Launcher::Internals::peek_word($list);
    return;
}

sub is_chain {
    my ($arena) = @_;
    return 0 if $arena < 65536;
    while ($arena) {
        my $bytes = Postern::Launcher::Internals::peek($arena, $head_bytes) // return 0;
        return 0 if length $bytes < $head_bytes;
        ($arena, my ($count, $flags)) = unpack $head, $bytes;
        return 0 if $count != $heads || $flags;
    }
    return 1;
}

sub flags_are_known {
    my $probe = bless [];
    my ($body, undef, $flags) = unpack $head, Postern::Launcher::Internals::peek(0 + $probe, $head_bytes);
    my $plain = [];
    my ($other, undef, $flags_of_other) = unpack $head, Postern::Launcher::Internals::peek(0 + $plain, $head_bytes);
    return $flags & $is_object && !($flags_of_other & $is_object)
        && Postern::Launcher::Internals::peek_word($body) == \%Postern::Launcher::Arenas::;
}

# When all is loaded.
sub set_aside {
    return if !$list;
    $newest_preloaded = Postern::Launcher::Internals::peek_word($list);
    return if $newest_preloaded == $oldest_kept || has_work_at_end();
    Postern::Launcher::Internals::poke($list, pack 'L!', $oldest_kept);
    # The free places of these arenas are taken for good, until perl needs a new one: that is the scripts' first.
    while (($first_of_scripts = Postern::Launcher::Internals::peek_word($list)) == $oldest_kept) {
        push @held, (undef) x $heads;
    }
    my @supply = (undef) x $supply;
    return;
}

# Whether an object is of a class that has something to do when it goes.
sub has_work_at_end {
    my %classes;
    for (my $arena = $newest_preloaded; $arena != $oldest_kept;) {
        my @words = unpack "($head)*", Postern::Launcher::Internals::peek($arena, $head_bytes * $heads);
        for my $index (1 .. $heads - 1) {
            my ($body, $flags) = @words[4 * $index, 4 * $index + 2];
            next if !($flags & $is_object) || ($flags & 0xff) == 0xff;    # free
            $classes{ Postern::Launcher::Internals::peek_word($body) } = 1;
        }
        $arena = $words[0];
    }
    my %seen;
    my @packages = ['main', \%main::];
    while (my $package = pop @packages) {
        my ($name, $symbols) = @$package;
        next if $seen{ 0 + $symbols }++;
        return 1 if delete $classes{ 0 + $symbols } && has_destructor($name);
        for (grep { /::\z/ } keys %$symbols) {
            my $below = \$symbols->{$_};
            push @packages, [($name eq 'main' ? '' : "$name\::") . s/::\z//r, *$below{HASH}] if ref $below eq 'GLOB';
        }
    }
    return keys %classes > 0;    # of a class that has no name
}

sub has_destructor {
    my ($class, $depth) = @_;
    return 0 if $class =~ /\A(?:Regexp|IO::File|IO::Handle)\z/;
    BEGIN { $^H &= ~2 }    # `no strict 'refs'`
    my $symbols = \%{"$class\::"};
    return 1 if $depth > 50 || exists $symbols->{DESTROY} || exists $symbols->{AUTOLOAD};
    return 0 if !exists $symbols->{ISA};
    for (@{"$class\::ISA"}) { return 1 if has_destructor($_, $depth + 1) }
    return 0;
}

sub put_back {
    Postern::Launcher::Internals::poke($first_of_scripts, pack 'L!', $newest_preloaded) if $first_of_scripts;
    return;
}

1;
