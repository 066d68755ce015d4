<?php

// What the cases of ../cases.ts ask of an application (README.md), for php-cgi and php-fpm.

header('Content-Type: text/plain');
parse_str($_SERVER['QUERY_STRING'], $query);
$gate = $query['gate'] ?? '';
while (ob_get_level() > 0) {
    ob_end_flush();
}

function wait_for(string $file): void
{
    $deadline = time() + 60;
    while (!file_exists($file) && time() < $deadline) {
        usleep(10000);
        clearstatcache();
    }
}

switch ($query['do']) {
    case 'variables':
        foreach ($_SERVER as $name => $value) {
            if (is_string($value)) {
                echo "$name=$value\n";
            }
        }
        break;
    case 'echo':
        header('Content-Type: ' . $_SERVER['CONTENT_TYPE']);
        readfile('php://input');
        break;
    case 'digest':
        $sha256 = hash_init('sha256');
        $total = hash_update_stream($sha256, fopen('php://input', 'rb'));
        echo $total, ' ', hash_final($sha256), "\n";
        break;
    case 'stream':
        echo "first\n";
        flush();
        wait_for($gate);
        echo "last\n";
        break;
    case 'endless':
        file_put_contents("$gate.begun", getmypid() . "\n");
        register_shutdown_function(fn () => touch("$gate.ended"));
        while (true) {
            echo str_repeat("tick\n", 1000);
            flush();
            usleep(10000);
        }
    case 'cut':
        echo "begun\n";
        flush();
        wait_for($gate);
        // Not all SAPIs have pcntl, where SIGKILL is.
        posix_kill(getmypid(), 9);
        break;
    case 'short':
        header('Content-Length: 1000');
        echo "begun\n";
        break;
    case 'broken':
        header('Status: 503 Broken Today');
        echo "it is broken\n";
        break;
    case 'unchanged':
        header('Status: 304 Not Modified');
        header('ETag: "one"');
        break;
    case 'cookies':
        header('Set-Cookie: a=1; Path=/', false);
        header('Set-Cookie: b=2', false);
        header('Set-Cookie: c=3; HttpOnly', false);
        echo "cookies\n";
        break;
    case 'diagnostics':
        error_log('a word for the log of ' . basename($gate));
        echo "told\n";
        break;
}
