def escape(text):
    return "escaped by the site's own: " + text
