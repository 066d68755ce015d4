"""The same in a framework that many applications use."""

from flask import Flask

application = Flask(__name__)


@application.route('/')
def hello():
    return 'hello from Flask\n'
