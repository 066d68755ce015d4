"""The parts of the application worker. They are a package, so that none takes the name of an application's module."""
