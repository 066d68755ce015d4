text = "Köln"
