"""A form that has been read: fields by their names. Nothing here reads a request."""

from urllib.parse import parse_qsl


class MiniFieldStorage:
    """A field that is a name and a text: of a query or an urlencoded body."""

    filename = None
    list = None
    type = None
    file = None
    type_options = {}
    disposition = None
    disposition_options = {}
    headers = {}

    def __init__(self, name, value):
        self.name = name
        self.value = value

    def __repr__(self):
        return "MiniFieldStorage(%r, %r)" % (self.name, self.value)


def parse_urlencoded(text, budget, keep_blank_values, strict_parsing, encoding, errors, separator):
    """The names and values of a query or an urlencoded body. Security: CVE-2021-23336, one separator, and no other."""
    budget.take_fields(1 + text.count(separator) if text else 0)
    return parse_qsl(
        text, keep_blank_values, strict_parsing, encoding=encoding, errors=errors, separator=separator
    )


class Form:
    """The fields of `self.list`, by name."""

    list = None

    def __iter__(self):
        return iter(self.keys())

    def __getitem__(self, key):
        found = [item for item in self._items() if item.name == key]
        if not found:
            raise KeyError(key)
        return found[0] if len(found) == 1 else found

    def __contains__(self, key):
        return any(item.name == key for item in self._items())

    def __len__(self):
        return len(self.keys())

    def __bool__(self):
        if self.list is None:
            raise TypeError("Cannot be converted to bool.")
        return bool(self.list)

    def keys(self):
        """The names of the fields, each once, in the order of the form."""
        return list(dict.fromkeys(item.name for item in self._items()))

    def getvalue(self, key, default=None):
        """The value of the field; a list where there are several."""
        values = self.getlist(key) if key in self else []
        return default if not values else values[0] if len(values) == 1 else values

    def getfirst(self, key, default=None):
        """The value of the first field of that name, and never a list."""
        return next((item.value for item in self._items() if item.name == key), default)

    def getlist(self, key):
        """The values of all fields of that name."""
        return [item.value for item in self._items() if item.name == key]

    def _items(self):
        if self.list is None:
            raise TypeError("not indexable")
        return self.list
