# The entries, in SQLite: by DBI where DBD::SQLite is here, else by a small Python program (sqlite.py).

package Book;

use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use File::Basename qw(dirname);

my $SHOWN        = 50;    # entries on the page
my $LOCK_SECONDS = 10;    # how long one writer waits for the others

sub new {
    my ($class, $folder) = @_;
    my $self = bless {}, $class;
    umask 0077;           # the database, its journal and the folder are this user's alone
    -d $folder or mkdir $folder;
    my $file = "$folder/guest-book.sqlite";
    if (eval { require DBI; require DBD::SQLite; 1 }) {
        my %rules = (RaiseError => 1, PrintError => 0, AutoCommit => 1, sqlite_unicode => 1);
        $self->{database} = DBI->connect("dbi:SQLite:dbname=$file", '', '', \%rules);
        $self->{database}->sqlite_busy_timeout($LOCK_SECONDS * 1000);
    } else {
        require IPC::Open2;
        require JSON::PP;
        $SIG{PIPE} = 'IGNORE';    # where it ends early, its missing answer says so
        $self->{pid} = IPC::Open2::open2($self->{from}, $self->{to}, 'python3', dirname(__FILE__) . '/sqlite.py', $file);
    }
    # The default journal, not WAL: each request opens and closes the file, and WAL fails on network disks.
    $self->ask('CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, name TEXT NOT NULL, message TEXT NOT NULL, '
            . "owner TEXT NOT NULL, written TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M', 'now')))");
    $self->ask('CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY, value TEXT NOT NULL)');
    $self->{secret} = $self->find_secret;
    if (!defined $self->{secret}) {
        # Of several first requests one wins, and all read what it wrote.
        $self->ask('INSERT OR IGNORE INTO secret VALUES (1, ?)', random_hex(32));
        $self->{secret} = $self->find_secret;
    }
    return $self;
}

sub DESTROY {
    my ($self) = @_;
    return if !$self->{pid};
    close $self->{to};
    close $self->{from};
    local $?;
    waitpid $self->{pid}, 0;
}

sub random_hex {
    my ($count) = @_;
    open my $source, '<:raw', '/dev/urandom' or die "/dev/urandom: $!";
    read($source, my $bytes, $count) == $count or die '/dev/urandom is short';
    return unpack 'H*', $bytes;
}

sub find_secret { my ($self) = @_; return $self->ask('SELECT value FROM secret WHERE id = 1')->[0][0] }

sub sign {
    my ($self, $purpose, $visitor) = @_;
    return hmac_sha256_hex("$purpose:$visitor", $self->{secret});
}

sub newest {
    my ($self) = @_;
    return $self->ask('SELECT id, name, message, owner, written FROM entry ORDER BY id DESC LIMIT ?', $SHOWN);
}

sub add {
    my ($self, $name, $message, $owner) = @_;
    $self->ask('INSERT INTO entry (name, message, owner) VALUES (?, ?, ?)', $name, $message, $owner);
}

sub remove {
    my ($self, $number, $owner) = @_;
    $self->ask('DELETE FROM entry WHERE id = ? AND owner = ?', $number, $owner);
}

# A statement never contains what a visitor wrote: that is bound to its question marks.
sub ask {
    my ($self, $statement, @values) = @_;
    if ($self->{database}) {
        my $prepared = $self->{database}->prepare($statement);
        $prepared->execute(@values);
        return $prepared->{NUM_OF_FIELDS} ? $prepared->fetchall_arrayref : [];
    }
    $self->{to}->print(JSON::PP::encode_json([$statement, \@values]) . "\n");
    my $line = readline $self->{from};
    die "sqlite.py ended; the log has what it said\n" if !defined $line;
    return JSON::PP::decode_json($line);
}

1;
