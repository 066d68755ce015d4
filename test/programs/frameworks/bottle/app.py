"""A small Bottle application, with the same pages as Flask's beside it."""

import hashlib
import html
import os
import time

import bottle
from bottle import HTTPResponse, abort, redirect, request, response, static_file

DATA = os.environ["DATA"]
STATIC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "static")

bottle.BaseRequest.MEMFILE_MAX = 1024 * 1024
app = bottle.Bottle()


def url(path):
    return request.script_name.rstrip("/") + path


@app.get("/")
def index():
    return (
        f'<!doctype html><title>Start</title><a id="form" href="{html.escape(url("/form"))}">form</a>'
        f'<link rel="stylesheet" href="{html.escape(url("/static/style.css"))}">'
    )


@app.get("/static/<name:path>")
def static(name):
    return static_file(name, root=STATIC)


@app.get("/where")
def where():
    environ = request.environ
    scheme, host, *_ = request.urlparts
    return {
        "script_name": environ["SCRIPT_NAME"],
        "path_info": environ["PATH_INFO"],
        "query": environ["QUERY_STRING"],
        "scheme": environ["wsgi.url_scheme"],
        "address": request.remote_addr,
        "host": host,
        "url": f"{scheme}://{host}{url('/where')}",
        "run_once": environ["wsgi.run_once"],
        "multithread": environ["wsgi.multithread"],
        "multiprocess": environ["wsgi.multiprocess"],
    }


@app.get("/words/<word:path>")
def words(word):
    return {"word": word, "query": request.query.getunicode("q")}


@app.get("/form")
def form():
    return f'<form method="post" action="{html.escape(url("/form"))}"><input name="name"></form>'


@app.post("/form")
def take_form():
    response.set_cookie("name", request.forms.getunicode("name"), secret="of no value", path=url("/"))
    redirect(url("/greeting"), 302)


@app.get("/greeting")
def greeting():
    name = request.get_cookie("name", secret="of no value")
    if not name:
        abort(403)
    response.content_type = "text/plain; charset=utf-8"
    return f"Hello, {name}!\n"


@app.post("/upload")
def upload():
    file = request.files["file"]
    content = file.file.read()
    return {
        "note": request.forms["note"],
        "name": file.raw_filename,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@app.post("/bytes")
def raw_bytes():
    content = request.body.read()
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


@app.get("/things/<number:int>")
def thing(number):
    return {"id": number, "title": "a thing"}


@app.put("/things/<number:int>")
def put_thing(number):
    return {"id": number, "title": request.json["title"]}


@app.delete("/things/<number:int>")
def delete_thing(number):
    return HTTPResponse(status=204)


@app.get("/stream")
def stream():
    path = os.path.join(DATA, request.query["token"])
    response.content_type = "text/plain"
    yield "first\n"
    for _ in range(1000):
        if os.path.exists(path):
            break
        time.sleep(0.02)
    yield "second\n"


@app.get("/endless")
def endless():
    path = os.path.join(DATA, request.query["token"])
    response.content_type = "text/plain"
    try:
        while True:
            yield b"x" * 65536
    finally:
        with open(path, "w") as file:
            file.write("closed")


@app.get("/file")
def file():
    return static_file("file.bin", root=DATA, mimetype="application/octet-stream")


@app.get("/error")
def error():
    raise ValueError("a deliberate error")
