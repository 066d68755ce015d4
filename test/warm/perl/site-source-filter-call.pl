#!/usr/bin/perl
# with: lib
use lib 'lib';
use Site::Rot;
cevag "Pbagrag-Glcr: grkg/cynva\a\a";
cevag "uryyb\a";
