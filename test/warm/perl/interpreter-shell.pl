#!/bin/sh
exec perl -x "$0"
#!perl -w
print "Content-Type: text/plain\n\nW $^W line ", __LINE__, "\n";
