"""With a mark."""
text = "Köln"
