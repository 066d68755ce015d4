"""What is said where a form passes a limit, and what one form may still use of them."""


def exceeded(what, most, name):
    """A ValueError that names the limit, and what a script does that needs more."""
    return ValueError("%s: the limit is %s. A script that needs more sets it before it reads the form." % (what % most, name))


class Budget:
    """What is left for one form of its fields and parts, those in nested bodies included."""

    def __init__(self, most_fields, fields_name, most_parts):
        self._most_fields = self._fields_left = most_fields
        self._fields_name = fields_name
        self._most_parts = self._parts_left = most_parts

    def take_fields(self, count):
        self._fields_left -= count
        if self._fields_left < 0:
            raise exceeded("The form has more than %d fields", self._most_fields, self._fields_name)

    def take_part(self):
        self._parts_left -= 1
        if self._parts_left < 0:
            raise exceeded("The form has more than %d parts", self._most_parts, "cgi.max_parts")
