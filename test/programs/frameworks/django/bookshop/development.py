"""As `runserver` has it: the static files of all applications by the same process."""

from django.contrib.staticfiles.handlers import StaticFilesHandler

from bookshop import wsgi

application = StaticFilesHandler(wsgi.application)
