#!/usr/bin/perl
# request: POST
# header: Content-Type: multipart/form-data; boundary=XX
# body: --XX\r\nContent-Disposition: form-data; name="note"\r\n\r\ntwo\r\nlines\r\n--XX\r\nContent-Disposition: form-data; name="file"; filename="a b.txt"\r\nContent-Type: text/odd\r\n\r\n\{3000*words}\r\n--XX--\r\n
use CGI;
my $query = CGI->new;
my $file = $query->upload('file');
local $/;
my $content = <$file>;
print $query->header('text/plain'), length $content, ' ', $query->param('file'), ' ', $query->uploadInfo($query->param('file'))->{'Content-Type'}, "\n", $query->param('note'), "\n";
print -e $query->tmpFileName($query->param('file')) ? "kept\n" : "not kept\n";
