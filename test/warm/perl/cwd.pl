#!/usr/bin/perl
use Cwd qw(cwd getcwd abs_path);
use File::Basename;
print "Content-Type: text/plain\n\n";
print getcwd(), "\n", cwd(), "\n", `pwd`, abs_path('.'), "\n";
print dirname($0) eq getcwd() ? "beside the script\n" : "elsewhere\n";
print -e basename($0) ? "found\n" : "not found\n";
chdir '/';
print getcwd(), "\n";
