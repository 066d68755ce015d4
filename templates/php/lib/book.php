<?php
// The entries, in SQLite: by PDO where this PHP has it for SQLite, else by a small Python program (sqlite.py).

declare(strict_types=1);

final class Book
{
    private const SHOWN = 50; // entries on the page
    private const LOCK_SECONDS = 10; // how long one writer waits for the others

    private ?PDO $database = null;
    private $helper = null;
    private array $pipes = [];
    private string $secret;

    public function __construct(string $folder)
    {
        $before = umask(0077); // the database and the folder are this user's alone
        if (!is_dir($folder)) @mkdir($folder);
        $file = $folder . '/guest-book.sqlite';
        if (class_exists('PDO') && in_array('sqlite', PDO::getAvailableDrivers(), true)) {
            $rules = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => self::LOCK_SECONDS];
            $this->database = new PDO('sqlite:' . $file, null, null, $rules);
        } else {
            $command = ['python3', __DIR__ . '/sqlite.py', $file];
            $this->helper = proc_open($command, [['pipe', 'r'], ['pipe', 'w']], $this->pipes);
            if ($this->helper === false) throw new RuntimeException('neither PDO for SQLite nor Python is here');
        }
        // The default journal, not WAL: each request opens and closes the file, and WAL fails on network disks.
        $this->ask(
            'CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, name TEXT NOT NULL, message TEXT NOT NULL, '
            . "owner TEXT NOT NULL, written TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M', 'now')))"
        );
        $this->ask('CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY, value TEXT NOT NULL)');
        $rows = $this->ask('SELECT value FROM secret WHERE id = 1');
        if ($rows === []) {
            // Of several first requests one wins, and all read what it wrote.
            $this->ask('INSERT OR IGNORE INTO secret VALUES (1, ?)', [bin2hex(random_bytes(32))]);
            $rows = $this->ask('SELECT value FROM secret WHERE id = 1');
        }
        $this->secret = $rows[0][0];
        umask($before);
    }

    public function __destruct()
    {
        foreach ($this->pipes as $pipe) fclose($pipe);
        if (is_resource($this->helper)) proc_close($this->helper);
    }

    public function sign(string $purpose, string $visitor): string
    {
        return hash_hmac('sha256', $purpose . ':' . $visitor, $this->secret);
    }

    public function newest(): array
    {
        return $this->ask('SELECT id, name, message, owner, written FROM entry ORDER BY id DESC LIMIT ?', [self::SHOWN]);
    }

    public function add(string $name, string $message, string $owner): void
    {
        $this->ask('INSERT INTO entry (name, message, owner) VALUES (?, ?, ?)', [$name, $message, $owner]);
    }

    public function remove(int $number, string $owner): void
    {
        $this->ask('DELETE FROM entry WHERE id = ? AND owner = ?', [$number, $owner]);
    }

    /** A statement never contains what a visitor wrote: that is bound to its question marks. */
    private function ask(string $statement, array $values = []): array
    {
        if ($this->database !== null) {
            $prepared = $this->database->prepare($statement);
            $prepared->execute($values);
            return $prepared->columnCount() === 0 ? [] : $prepared->fetchAll(PDO::FETCH_NUM);
        }
        fwrite($this->pipes[0], json_encode([$statement, $values], JSON_THROW_ON_ERROR) . "\n");
        $line = fgets($this->pipes[1]);
        if ($line === false) throw new RuntimeException('sqlite.py ended; the log has what it said');
        return json_decode($line, true, 8, JSON_THROW_ON_ERROR);
    }
}
