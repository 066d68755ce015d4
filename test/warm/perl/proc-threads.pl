#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
opendir my $tasks, '/proc/self/task' or die $!;
print scalar(grep !/^\./, readdir $tasks), " thread\n";
print 'timers ', -s '/proc/self/timers' || 0, "\n";
open my $children, '<', "/proc/self/task/$$/children" or print("no list\n"), exit;
my @children = split ' ', scalar(<$children>) // '';
print scalar(@children), " children\n";
