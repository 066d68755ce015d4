#!/usr/bin/perl
die "gone before\n";
