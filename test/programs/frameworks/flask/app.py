"""A small Flask application: pages, a form with a session, an upload, streams, JSON, a file, an error."""

import hashlib
import os
import time

from flask import Flask, abort, jsonify, redirect, render_template_string, request, send_file, session, url_for

DATA = os.environ["DATA"]

app = Flask(__name__)
app.secret_key = "of no value"
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024 * 1024


@app.get("/")
def index():
    return render_template_string(
        '<!doctype html><title>Start</title><a id="form" href="{{ url_for("form") }}">form</a>'
        '<link rel="stylesheet" href="{{ url_for("static", filename="style.css") }}">'
    )


@app.get("/where")
def where():
    environ = request.environ
    return jsonify(
        script_name=environ["SCRIPT_NAME"],
        path_info=environ["PATH_INFO"],
        query=environ["QUERY_STRING"],
        scheme=environ["wsgi.url_scheme"],
        address=environ["REMOTE_ADDR"],
        host=request.host,
        url=url_for("where", _external=True),
        run_once=environ["wsgi.run_once"],
        multithread=environ["wsgi.multithread"],
        multiprocess=environ["wsgi.multiprocess"],
    )


@app.get("/words/<path:word>")
def words(word):
    return jsonify(word=word, query=request.args.get("q"))


@app.route("/form", methods=["GET", "POST"])
def form():
    if request.method == "POST":
        session["name"] = request.form["name"]
        return redirect(url_for("greeting"))
    return render_template_string('<form method="post" action="{{ url_for("form") }}"><input name="name"></form>')


@app.get("/greeting")
def greeting():
    if "name" not in session:
        abort(403)
    return f"Hello, {session['name']}!\n", {"Content-Type": "text/plain; charset=utf-8"}


@app.post("/upload")
def upload():
    file = request.files["file"]
    content = file.stream.read()
    return jsonify(
        note=request.form["note"], name=file.filename, size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )


@app.post("/bytes")
def raw_bytes():
    content = request.get_data()
    return jsonify(size=len(content), sha256=hashlib.sha256(content).hexdigest())


@app.route("/things/<int:number>", methods=["GET", "PUT", "DELETE"])
def things(number):
    if request.method == "DELETE":
        return "", 204
    if request.method == "PUT":
        return jsonify(id=number, title=request.get_json()["title"])
    return jsonify(id=number, title="a thing")


@app.get("/stream")
def stream():
    path = os.path.join(DATA, request.args["token"])

    def parts():
        yield "first\n"
        for _ in range(1000):
            if os.path.exists(path):
                break
            time.sleep(0.02)
        yield "second\n"

    return app.response_class(parts(), mimetype="text/plain")


@app.get("/endless")
def endless():
    path = os.path.join(DATA, request.args["token"])

    def parts():
        try:
            while True:
                yield b"x" * 65536
        finally:
            with open(path, "w") as file:
                file.write("closed")

    return app.response_class(parts(), mimetype="text/plain")


@app.get("/file")
def file():
    return send_file(os.path.join(DATA, "file.bin"), mimetype="application/octet-stream", conditional=True)


@app.get("/error")
def error():
    raise ValueError("a deliberate error")
