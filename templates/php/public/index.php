<?php
// A guest book: one page in PHP, SQLite. README.md says how to serve it.

declare(strict_types=1);

ini_set('display_errors', '0'); // what goes wrong is for the server's log
ini_set('log_errors', '1');
require __DIR__ . '/../lib/book.php'; // outside the folder that is served

const MOST_NAME = 40; // characters
const MOST_MESSAGE = 1000;
const MOST_BODY = 16 * 1024; // bytes of a form, as sent
const YEAR = 365 * 24 * 60 * 60;

/** What the visitor is told, with the status of the answer and what was typed. */
final class Refused extends Exception
{
    public ?array $typed;

    public function __construct(int $status, string $reason, ?array $typed = null)
    {
        parent::__construct($reason, $status);
        $this->typed = $typed;
    }
}

// --- The request ---

/** The visitor's random number, or null, and the name that was given last. */
function cookies(): array
{
    $visitor = $_COOKIE['visitor'] ?? '';
    $name = $_COOKIE['name'] ?? '';
    $known = is_string($visitor) && preg_match('/\A[0-9a-f]{32}\z/', $visitor) === 1;
    $usable = is_string($name) && preg_match('/\A.{0,' . MOST_NAME . '}\z/us', $name) === 1;
    return [$known ? $visitor : null, $usable ? one_line($name) : ''];
}

function read_form(): array
{
    $kind = strtolower(trim(explode(';', $_SERVER['CONTENT_TYPE'] ?? '')[0]));
    if ($kind !== 'application/x-www-form-urlencoded') throw new Refused(415, 'The guest book takes only its own form.');
    $length = $_SERVER['CONTENT_LENGTH'] ?? '';
    if (preg_match('/\A[0-9]{1,18}\z/', $length) !== 1) throw new Refused(400, 'The form does not say how long it is.');
    if ((int) $length > MOST_BODY) throw new Refused(413, 'That is far too much text for a guest book.');
    foreach ($_POST as $value) {
        if (!is_string($value) || preg_match('//u', $value) !== 1) throw new Refused(400, 'The form is not well-formed UTF-8.');
    }
    return $_POST + ['name' => '', 'message' => '', 'token' => '', 'delete' => ''];
}

function one_line(string $text): string
{
    return trim(preg_replace('/[\x00-\x20\x{7f}-\x{a0}\x{2028}\x{2029}]+/u', ' ', $text));
}

function lines(string $text): string
{
    $text = str_replace(["\r\n", "\r"], "\n", $text);
    return trim(preg_replace('/[\x00-\x09\x0b-\x1f\x{7f}-\x{9f}]+/u', ' ', $text));
}

/** Has it from one to so many characters? */
function fits(string $text, int $most): bool
{
    return preg_match('/\A.{1,' . $most . '}\z/us', $text) === 1;
}

// --- The page ---

function text(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5, 'UTF-8');
}

/** This page's path. With one slash: "//x" would be another host. */
function here(): string
{
    $path = '/' . ltrim($_SERVER['SCRIPT_NAME'] ?? '', '/');
    return str_replace('%2F', '/', rawurlencode(preg_replace('~/index\.php\z~', '/', $path)));
}

function send_head(int $status): void
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    header("Content-Security-Policy: default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'");
    header('X-Content-Type-Options: nosniff');
    header('Cache-Control: no-store');
    header_remove('X-Powered-By');
}

function send_cookie(string $name, string $value): void
{
    $secure = in_array(strtolower($_SERVER['HTTPS'] ?? ''), ['on', '1'], true);
    $rules = ['path' => '/', 'httponly' => true, 'samesite' => 'Lax', 'secure' => $secure];
    setcookie($name, $value, ['expires' => time() + YEAR] + $rules);
}

function send_top(): void
{ ?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guest book</title>
<link rel="stylesheet" href="<?= text(here()) ?>style.css">
<main>
<h1>Guest book</h1>
<?php }

function send_error(int $status, string $reason): void
{
    send_head($status);
    send_top(); ?>
<p class="trouble" role="alert"><?= text($reason) ?></p>
<p><a href="<?= text(here()) ?>">Back to the guest book</a></p>
</main>
<?php }

function send_page(Book $book, int $status = 200, string $trouble = '', ?array $typed = null): void
{
    [$visitor, $name] = cookies();
    send_head($status);
    if ($visitor === null) send_cookie('visitor', $visitor = bin2hex(random_bytes(16)));
    [$name, $message] = $typed ?? [$name, ''];
    $token = $book->sign('form', $visitor);
    $owner = $book->sign('owner', $visitor);
    $entries = $book->newest();
    send_top(); ?>
<?php if ($trouble !== '') { ?><p class="trouble" role="alert"><?= text($trouble) ?></p>
<?php } ?>
<form method="post">
<input type="hidden" name="token" value="<?= text($token) ?>">
<label for="name">Your name <small>up to <?= MOST_NAME ?> characters</small></label>
<input id="name" name="name" value="<?= text($name) ?>" maxlength="<?= MOST_NAME ?>" required autocomplete="name">
<label for="message">Your message <small>up to <?= MOST_MESSAGE ?> characters</small></label>
<textarea id="message" name="message" rows="4" maxlength="<?= MOST_MESSAGE ?>" required>
<?= text($message) ?></textarea>
<button>Sign the book</button>
</form>
<section aria-label="Entries">
<?php if ($entries === []) { ?><p class="empty">Nobody has written here yet. Be the first.</p>
<?php }
    foreach ($entries as [$number, $by, $said, $writer, $written]) { ?>
<article>
<h2><?= text($by) ?></h2>
<time datetime="<?= text(str_replace(' ', 'T', $written)) ?>Z"><?= text($written) ?> UTC</time>
<p><?= text($said) ?></p>
<?php if ($writer === $owner) { ?><form method="post">
<input type="hidden" name="token" value="<?= text($token) ?>">
<button class="quiet" name="delete" value="<?= (int) $number ?>" aria-label="Delete this entry">Delete</button>
</form>
<?php } ?>
</article>
<?php } ?>
</section>
</main>
<?php }

// --- What happens ---

function sign_or_delete(Book $book): void
{
    $form = read_form();
    [$visitor] = cookies();
    $typed = [$name, $message] = [one_line($form['name']), lines($form['message'])];
    // Another site can send this form in a visitor's name, but it does not know the token.
    if ($visitor === null || !hash_equals($book->sign('form', $visitor), $form['token'])) {
        throw new Refused(403, 'The form was too old, or cookies are off. Please send it again.', $typed);
    }
    if (preg_match('/\A[0-9]{1,15}\z/', $form['delete']) === 1) {
        $book->remove((int) $form['delete'], $book->sign('owner', $visitor));
    } else {
        if (!fits($name, MOST_NAME)) throw new Refused(422, 'A name has 1 to ' . MOST_NAME . ' characters.', $typed);
        if (!fits($message, MOST_MESSAGE)) throw new Refused(422, 'A message has 1 to ' . MOST_MESSAGE . ' characters.', $typed);
        $book->add($name, $message, $book->sign('owner', $visitor));
        send_cookie('name', $name);
    }
    // 303: "reload" shows the page, and does not send the form again.
    send_head(303);
    header('Location: ' . here());
}

function main(): void
{
    $method = $_SERVER['REQUEST_METHOD'] ?? 'GET';
    if (($_SERVER['PATH_INFO'] ?? '') !== '') {
        send_error(404, 'There is no such page.');
        return;
    }
    if (!in_array($method, ['GET', 'HEAD', 'POST'], true)) {
        header('Allow: GET, HEAD, POST');
        send_error(405, 'The guest book can be read and signed, nothing else.');
        return;
    }
    try {
        $book = new Book(dirname(__DIR__) . '/data');
        try {
            $method === 'POST' ? sign_or_delete($book) : send_page($book);
        } catch (Refused $refused) {
            if ($refused->typed === null) send_error($refused->getCode(), $refused->getMessage());
            else send_page($book, $refused->getCode(), $refused->getMessage(), $refused->typed);
        }
    } catch (Throwable $error) {
        error_log((string) $error);
        send_error(503, 'The guest book cannot be opened now. Please come back later.');
    }
}

main();
