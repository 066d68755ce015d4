import warnings

warnings.warn("at import")
warnings.warn("at import, for the importer", stacklevel=2)


def old():
    warnings.warn("old is old", DeprecationWarning, stacklevel=2)


def older():
    warnings.warn("older is not shown", DeprecationWarning)
