# What a script's text says of whether it can tell that modules were loaded before it began: because it has modules of
# the same names, sets their variables before it loads them, or looks at what is loaded. Then it is started afresh. What
# a module of the site's own does when it is loaded is not looked at.
package Postern::Launcher::Source;

BEGIN { $^H |= 0x602; ${^WARNING_BITS} = "\0" }    # `use strict; no warnings` without these in %INC

my (%preloaded, %packages, %top, @always);

# What is loaded, as in %INC, and folders of @INC that come before perl's own and depend on the script.
sub prepare {
    my ($loaded, $folders) = @_;
    %preloaded = map { $_ => $loaded->{$_} // '' } keys %$loaded;
    %packages  = map { s/\.pm\z//r =~ s{/}{::}gr => 1 } keys %preloaded;
    %top       = map { s{/.*}{}sr => 1 } keys %preloaded;
    @always    = @$folders;
    return;
}

my $module_that_changes_inc = qr/[\w:]*::libs?|[br]lib|lib::[\w:]+|Find::Lib|ExtUtils::testlib/;

# Returns why it must be started afresh, or an empty string; and folders that it puts before others.
sub judge {
    my ($text, $script) = @_;
    $text =~ s/^[ \t]*#.*//mg;
    return 'it replaces built-in functions' if index($text, 'CORE::GLOBAL') >= 0;
    if ($text =~ /INC/) {
        my $reason = uses_inc($text);
        return $reason if $reason;
    }
    my @folders;
    if ($text =~ /lib/) {
        return 'it changes @INC'
            if $text =~ /\b(?:use|no|require)\s+(?:$module_that_changes_inc)\b/
            || $text =~ /\blib\s*->|(?<![\w:])lib::|\brequire\s+lib\b|['"]lib\.pm|\buse\s+if\b[^;]*\blib\b|\bno\s+lib\b/;
        while ($text =~ /\buse\s+lib\b([^;]*)/g) {
            my $list = read_folders($1, $script) or return 'it changes @INC';
            push @folders, @$list;
        }
    }
    my $package = package_changed_early($text);
    return "it changes $package before it loads it" if defined $package;
    return '', @folders;
}

my $assigned   = qr/\s*(?:[.x]|\|\||&&|\/\/)?=(?![=~>])/;
my $rewrites   = qr/\b(?:s|tr|y)[\/{|]/;
my $changes_it = qr/
    \b(?:unshift|shift|splice|pop|local|our|for|foreach|undef|chomp|chop|tie)[ \t(]*\z
    | (?: [(,={\[>?:|&][ \t]* | \b(?:return|bless|foreach|for)[ \t(]+ ) \\[ \t(]*\z     # a reference; "\@INC" is a text
    | \b(?:map|grep)\s*\{[^{}]*$rewrites[^{}]*\}[ \t(]*\z
/x;

# `push @INC` changes nothing for what is found already, and who reads @INC finds what would be there without us.
sub uses_inc {
    my ($text) = @_;
    $text =~ s/\bpop[ \t(]+\@INC\)? +if +\$INC\[-1\] +eq +(['"])\.\1//g;    # as perl does without being asked
    return 'it changes @INC' if $text =~ /\$#\{?(?:main::|::)?INC\b\}?\s*(?:[-+]?=(?![=~])|--|\+\+)/;
    while ($text =~ /([\$\@%*&])\{?(?:main::|::)?INC\b\}?[ \t]*([\[\{]?)/g) {
        my ($sigil, $bracket, $at) = ($1, $2, $-[0]);
        my $after  = substr $text, $+[0], 200;
        my $before = $at < 40 ? substr $text, 0, $at : substr $text, $at - 40, 40;
        if ($sigil eq '$' && $bracket eq '{') {
            return 'it looks at %INC' if $after !~ /\A[ \t]*(['"]?)([\w.\/]+)\1[ \t]*\}/ || exists $preloaded{$2};
        }
        elsif ($sigil eq '@' && $bracket eq '') {
            # In a list that is assigned to, too; not in "\@INC = @INC".
            return 'it changes @INC' if $after =~ /\A(?:[^;(){}]*\))?$assigned/ && $before !~ /"[^"]*\\\z/;
            next if $before =~ /push[ \t(]*\z/ || $before =~ /\bfor(?:each)?[ \t(]*\z/ && $text !~ $rewrites;
            return 'it changes @INC' if $before =~ $changes_it;
            my ($each) = $before =~ /\bfor(?:each)?\s+(?:(?:my|our)\s+)?(\$\w+)\s*\(\s*\z/ or next;
            return 'it changes @INC' if $text =~ /\Q$each\E\s*=~\s*$rewrites/;
        }
        else { return 'it looks at %INC' if $sigil ne '&' }
    }
    return;
}

# What `use lib` is given, if these are plain words or begin with the script's own folder.
sub read_folders {
    my ($list, $script) = @_;
    my ($own) = $script =~ m{\A(.*)/};
    my @folders;
    while ($list !~ /\G[\s,()]*\z/gc) {
        if    ($list =~ /\G[\s,()]+/gc)                     { next }
        elsif ($list =~ /\G=>/gc)                           { next }
        elsif ($list =~ /\G(['"])([^'"\\\$\@\n]*)\1/gc)     { push @folders, $2 }
        elsif ($list =~ /\Gqw\s*([^\w\s])([^\\]*?)[\1)\]}>]/gc) { push @folders, split ' ', $2 }
        elsif ($list =~ /\G"\$(?:FindBin::(Real)?Bin\b|\{FindBin::(Real)?Bin\})([^"\\\$\@\n]*)"/gc
            || $list =~ /\G\$FindBin::(Real)?Bin()\s*(?:\.\s*['"]([^'"\\\$\@\n]*)['"])?/gc
            || $list =~ /\G(?:File::Basename::)?()()dirname[\s(]+__FILE__\s*\)?\s*(?:\.\s*['"]([^'"\\\$\@\n]*)['"])?/gc)
        {
            my ($real, $below) = ($1 || $2, $3);
            return if !defined $own || $real && -l $script;
            push @folders, $own . ($below // '');
        }
        else { return }
    }
    return \@folders;
}

my $variable = qr/[\$\@%&*]\{?\s*/;

sub package_changed_early {
    my ($text) = @_;
    # One expression at a time, each with a word to search for: these are fast.
    for my $definition (qr/\bsub\s+(\w+(?:::\w+)*)::\w/, qr/\bpackage\s+(\w+(?:::\w+)*)/) {
        while ($text =~ /$definition/g) {
            my ($package, $at) = ($1, $-[0]);
            return $package if $packages{$package} && !is_used($package, substr $text, 0, $at);
        }
    }
    # Before a module that is loaded when the script already runs.
    for my $loading (qr/\brequire\s+(\w+(?:::\w+)*)/, qr/\beval\b.*?\buse\s+(\w+(?:::\w+)*)/) {
        while ($text =~ /$loading/g) {
            my ($package, $at) = ($1, $-[0]);
            next if !$packages{$package};
            my $before = substr $text, 0, $at;
            return $package if $before =~ /$variable\Q$package\E::\w/ && !is_used($package, $before);
        }
    }
    return if $text !~ /\bBEGIN\b/;
    while ($text =~ /\bBEGIN\s*(\{(?:[^{}]++|(?1))*+\}|\{.*)/gs) {
        my ($block, $at) = ($1, $-[0]);
        while ($block =~ /$variable(\w+(?:::\w+)*)::\w/g) {
            my $package = $1;
            return $package if $packages{$package} && !is_used($package, substr $text, 0, $at);
        }
    }
    return;
}

sub is_used { my ($package, $text) = @_; return $text =~ /^[ \t]*use[ \t]+\Q$package\E(?![\w:])/m }

# Whether one of the folders, in their order, has a file that would have been taken for a module that was loaded.
sub shadow_in {
    my %is_found;    # the very file that was loaded, if it is the site's own: no other counts any more
    for my $folder (@_, @always) {
        my $file = shadow_below($folder, \%is_found);
        return $file if defined $file;
    }
    return;
}

sub has_always { return @always > 0 }

sub shadow_below {
    my ($folder, $is_found) = @_;
    opendir my $entries, $folder or return;
    for my $entry (readdir $entries) {
        if ($top{$entry}) {
            for (exists $preloaded{$entry} ? $entry : grep { !index $_, "$entry/" } keys %preloaded) {
                next if $is_found->{$_} || !-e "$folder/$_";
                return "$folder/$_" if !($is_found->{$_} = $preloaded{$_} eq "$folder/$_");
            }
        }
        # Folders of perl's own versions and machines, which `use lib` adds.
        elsif ($entry =~ /\A5\.\d|\w-\w/ && -d "$folder/$entry") {
            my $file = shadow_below("$folder/$entry", $is_found);
            return $file if defined $file;
        }
    }
    return;
}

1;
