<?php
// Greets by name: /hello.php?name=Ada
//
// It lies outside cgi-bin and needs no execute permission: the name alone makes
// it a program, which php-cgi runs. Its processes stay from page to page.

declare(strict_types=1);

header('Content-Type: text/html; charset=utf-8');

// A query can also bring a list, as in ?name[]=Ada, or nothing at all.
$name = $_GET['name'] ?? '';
if (!is_string($name) || trim($name) === '') {
    $name = 'World';
}
?>
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hello from PHP</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<main>
<h1>Hello, <?= htmlspecialchars($name, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8') ?>!</h1>
<p>This page came from PHP <?= PHP_VERSION ?>, process <?= getmypid() ?>. Load it again: it is the same process.</p>
<p><a href="./">All programs</a></p>
</main>
</body>
</html>
