# In the manner of the nineties.
sub ReadParse {
  local (*in) = @_ if @_;
  local ($i, $key, $val, $in);
  if (&MethPost) { read(STDIN, $in, $ENV{'CONTENT_LENGTH'}); }
  else { $in = $ENV{'QUERY_STRING'}; }
  @in = split(/[&;]/, $in);
  foreach $i (0 .. $#in) {
    $in[$i] =~ s/\+/ /g;
    ($key, $val) = split(/=/, $in[$i], 2);
    $key =~ s/%(..)/pack("c", hex($1))/ge;
    $val =~ s/%(..)/pack("c", hex($1))/ge;
    $in{$key} .= "\0" if defined($in{$key});
    $in{$key} .= $val;
  }
  return scalar(@in);
}
sub MethPost { return ($ENV{'REQUEST_METHOD'} eq "POST"); }
sub PrintHeader { return "Content-type: text/plain\n\n"; }
1;
