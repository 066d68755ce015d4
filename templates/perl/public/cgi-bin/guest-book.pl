#!/usr/bin/env perl
# A guest book: one CGI program, Perl's core modules, SQLite. README.md says how to serve it.

use strict;
use warnings;
use utf8;

use Cwd qw(abs_path);
use Encode qw(decode encode FB_CROAK LEAVE_SRC);
use File::Basename qw(dirname);

# Outside the folder that is served: nobody can ask for the database.
my $SITE = dirname(dirname(dirname(abs_path(__FILE__))));

# By its path: a program that changes @INC is not run warm.
require "$SITE/lib/Book.pm";

my $MOST_NAME    = 40;    # characters
my $MOST_MESSAGE = 1000;
my $MOST_BODY    = 16 * 1024;    # bytes of a form, as sent
my $YEAR         = 365 * 24 * 60 * 60;

my %PHRASE = (
    200 => 'OK',                   303 => 'See Other',          400 => 'Bad Request',
    403 => 'Forbidden',            404 => 'Not Found',          405 => 'Method Not Allowed',
    413 => 'Content Too Large',    415 => 'Unsupported Media Type',
    422 => 'Unprocessable Content', 503 => 'Service Unavailable',
);

# What the visitor is told, with the status of the answer and what was typed.
sub refuse {
    my ($status, $reason, @typed) = @_;
    die { status => $status, reason => $reason, typed => @typed ? [@typed] : undef };
}

# --- The request ---

# The visitor's random number, or undef, and the name that was given last.
sub cookies {
    my %sent;
    for my $pair (split /;\s*/, $ENV{HTTP_COOKIE} // '') {
        my ($name, $value) = split /=/, $pair, 2;
        $sent{$name} = $value if defined $value;
    }
    my ($visitor) = ($sent{visitor} // '') =~ /\A([0-9a-f]{32})\z/;
    my $name = eval { one_line(decoded($sent{name} // '')) } // '';
    return ($visitor, length($name) > $MOST_NAME ? '' : $name);
}

sub read_form {
    my ($kind) = split /;/, lc($ENV{CONTENT_TYPE} // '');
    refuse(415, 'The guest book takes only its own form.')
        if ($kind // '') !~ m{\A\s*application/x-www-form-urlencoded\s*\z};
    my $length = $ENV{CONTENT_LENGTH} // '';
    refuse(400, 'The form does not say how long it is.') if $length !~ /\A[0-9]{1,15}\z/;
    refuse(413, 'That is far too much text for a guest book.') if $length > $MOST_BODY;
    binmode STDIN;
    my $body = '';
    while (length($body) < $length) {
        read(STDIN, $body, $length - length($body), length($body))
            or refuse(400, 'The form did not arrive whole.');
    }
    my %form = (name => '', message => '', token => '', delete => '');
    for my $pair (split /&/, $body) {
        my ($name, $value) = map { tr/+/ /r } split(/=/, $pair, 2), '';
        eval { $form{ decoded($name) } = decoded($value); 1 }
            or refuse(400, 'The form is not well-formed UTF-8.');
    }
    return %form;
}

sub decoded {
    my ($text) = @_;
    $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
    return decode('UTF-8', $text, FB_CROAK);
}

sub one_line {
    my ($text) = @_;
    $text =~ s/[\x00-\x20\x7f-\xa0\x{2028}\x{2029}]+/ /g;
    return $text =~ s/\A +| +\z//gr;
}

sub lines {
    my ($text) = @_;
    $text =~ s/\r\n?/\n/g;
    $text =~ s/[\x00-\x09\x0b-\x1f\x7f-\x9f]+/ /g;
    return $text =~ s/\A\s+|\s+\z//gr;
}

# --- The page ---

sub text {
    my ($text) = @_;
    my %name = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;', "'" => '&#39;');
    return $text =~ s/([&<>"'])/$name{$1}/gr;
}

sub quoted {
    my ($bytes, $kept) = @_;
    return $bytes =~ s/([^A-Za-z0-9._~$kept-])/sprintf '%%%02X', ord $1/ger;
}

# The program's path. With one slash: "//x" would be another host.
sub here { return '/' . quoted(($ENV{SCRIPT_NAME} // '') =~ s{\A/+}{}r, '/') }

sub top {
    return <<"HTML";
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guest book</title>
<link rel="stylesheet" href="../style.css">
<main>
<h1>Guest book</h1>
HTML
}

sub error_page {
    my ($reason) = @_;
    return top() . <<"HTML";
<p class="trouble" role="alert">@{[ text($reason) ]}</p>
<p><a href="@{[ here() ]}">Back to the guest book</a></p>
</main>
HTML
}

sub page {
    my ($book, $visitor, $name, $message, $trouble) = @_;
    my $token   = $book->sign('form',  $visitor);
    my $owner   = $book->sign('owner', $visitor);
    my $entries = join '', map { entry($_, $owner, $token) } @{ $book->newest };
    $entries ||= qq(<p class="empty">Nobody has written here yet. Be the first.</p>\n);
    my $alert = $trouble eq '' ? '' : qq(<p class="trouble" role="alert">@{[ text($trouble) ]}</p>\n);
    return top() . $alert . <<"HTML";
<form method="post">
<input type="hidden" name="token" value="$token">
<label for="name">Your name <small>up to $MOST_NAME characters</small></label>
<input id="name" name="name" value="@{[ text($name) ]}" maxlength="$MOST_NAME" required autocomplete="name">
<label for="message">Your message <small>up to $MOST_MESSAGE characters</small></label>
<textarea id="message" name="message" rows="4" maxlength="$MOST_MESSAGE" required>
@{[ text($message) ]}</textarea>
<button>Sign the book</button>
</form>
<section aria-label="Entries">
$entries</section>
</main>
HTML
}

sub entry {
    my ($row, $owner, $token) = @_;
    my ($number, $name, $message, $writer, $written) = @$row;
    my $remove = $writer ne $owner ? '' : <<"HTML";
<form method="post">
<input type="hidden" name="token" value="$token">
<button class="quiet" name="delete" value="$number" aria-label="Delete this entry">Delete</button>
</form>
HTML
    return <<"HTML";
<article>
<h2>@{[ text($name) ]}</h2>
<time datetime="@{[ $written =~ tr/ /T/r ]}Z">$written UTC</time>
<p>@{[ text($message) ]}</p>
$remove</article>
HTML
}

sub cookie {
    my ($name, $value) = @_;
    my $secure = ($ENV{HTTPS} // '') =~ /\A(?:on|1)\z/i ? '; Secure' : '';
    $value = quoted(encode('UTF-8', $value), '');
    return "Set-Cookie: $name=$value; Path=/; Max-Age=$YEAR; HttpOnly; SameSite=Lax$secure";
}

sub answer {
    my ($status, $html, @fields) = @_;
    binmode STDOUT;
    print join("\r\n",
        "Status: $status $PHRASE{$status}",
        'Content-Type: text/html; charset=utf-8',
        q(Content-Security-Policy: default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'),
        'X-Content-Type-Options: nosniff',
        'Cache-Control: no-store',
        @fields, '', encode('UTF-8', $html));
}

# --- What happens ---

sub show {
    my ($book, $status, $trouble, $typed) = @_;
    my ($visitor, $name) = cookies();
    my $new = !defined $visitor;
    $visitor = Book::random_hex(16) if $new;
    ($name, my $message) = $typed ? @$typed : ($name, '');
    answer($status, page($book, $visitor, $name, $message, $trouble), $new ? cookie('visitor', $visitor) : ());
}

sub sign_or_delete {
    my ($book) = @_;
    my %form = read_form();
    my ($visitor) = cookies();
    my ($name, $message) = my @typed = (one_line($form{name}), lines($form{message}));
    # Another site can send this form in a visitor's name, but it does not know the token.
    # What is compared is signed once more: how long that takes says nothing about the token.
    if (!defined $visitor
        || $book->sign('same', $book->sign('form', $visitor)) ne $book->sign('same', encode('UTF-8', $form{token}))) {
        refuse(403, 'The form was too old, or cookies are off. Please send it again.', @typed);
    }
    my @fields;
    if ($form{delete} =~ /\A[0-9]{1,15}\z/) {
        $book->remove($form{delete}, $book->sign('owner', $visitor));
    } else {
        refuse(422, "A name has 1 to $MOST_NAME characters.", @typed) if $name eq '' || length($name) > $MOST_NAME;
        refuse(422, "A message has 1 to $MOST_MESSAGE characters.", @typed)
            if $message eq '' || length($message) > $MOST_MESSAGE;
        $book->add($name, $message, $book->sign('owner', $visitor));
        @fields = cookie('name', $name);
    }
    # 303: "reload" shows the page, and does not send the form again.
    answer(303, '', 'Location: ' . here(), @fields);
}

sub main {
    my $method = $ENV{REQUEST_METHOD} // 'GET';
    return answer(404, error_page('There is no such page.')) if ($ENV{PATH_INFO} // '') ne '';
    return answer(405, error_page('The guest book can be read and signed, nothing else.'), 'Allow: GET, HEAD, POST')
        if $method !~ /\A(?:GET|HEAD|POST)\z/;
    my $book = eval { Book->new("$SITE/data") };
    my $done = $book && eval { $method eq 'POST' ? sign_or_delete($book) : show($book, 200, ''); 1 };
    return if $done;
    my $error = $@;
    if (ref $error) {
        return answer($error->{status}, error_page($error->{reason})) if !$error->{typed};
        return show($book, @$error{qw(status reason typed)});
    }
    print STDERR $error;    # to the server's log
    answer(503, error_page('The guest book cannot be opened now. Please come back later.'));
}

main();
