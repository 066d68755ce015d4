"""A Flask application."""

from flask import Flask, redirect, request, url_for

app = Flask(__name__)


@app.get('/hello/<name>')
def hello(name):
    return 'hello %s, see %s' % (name, url_for('hello', name='you'))


@app.post('/upload')
def upload():
    file = request.files['file']
    return '%s %s %d' % (request.form['word'], file.filename, len(file.read()))


@app.get('/away')
def away():
    return redirect(url_for('hello', name='a b'))


@app.get('/raise')
def fail():
    raise ValueError('as it was asked')
