where = __package__
