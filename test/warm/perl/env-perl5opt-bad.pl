#!/usr/bin/perl
# env: PERL5OPT=-MNo::Such::Module::Anywhere
print "Content-Type: text/plain\n\nnot reached\n";
