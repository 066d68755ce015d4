def dumps(value):
    return "the site's own: %r" % (value,)
