#!/usr/bin/perl
use Config;
print "Content-Type: text/plain\n\n";
if (!$Config{useithreads}) { print "no threads\n"; exit }
require threads;
print 'main ', threads->tid, ' of ', scalar(threads->list), "\n";
my $thread = threads->create(sub { $_[0] * 2 + threads->tid }, 20);
print $thread->join, "\n";
threads->create(sub { threads->exit })->join;
print scalar(threads->list), " left\n";
threads->create(sub { print "second\n" })->join;
print threads->self->tid, " at the end\n";
