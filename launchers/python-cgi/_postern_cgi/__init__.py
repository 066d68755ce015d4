"""What the drop-in modules `cgi` and `cgitb` are made of. Not for scripts: names here may change."""
