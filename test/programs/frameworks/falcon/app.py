"""A small Falcon application, with the same resources as Flask's pages beside it."""

import hashlib
import os
import time

import falcon

DATA = os.environ["DATA"]
STATIC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "static")


class Index:
    def on_get(self, request, response):
        response.content_type = falcon.MEDIA_HTML
        response.text = (
            f'<!doctype html><title>Start</title><a id="form" href="{request.root_path}/form">form</a>'
            f'<link rel="stylesheet" href="{request.root_path}/static/style.css">'
        )


class Where:
    def on_get(self, request, response):
        environ = request.env
        response.media = {
            "script_name": environ["SCRIPT_NAME"],
            "path_info": environ["PATH_INFO"],
            "query": environ["QUERY_STRING"],
            "scheme": request.scheme,
            "address": request.remote_addr,
            "host": request.netloc,
            "url": request.uri,
            "run_once": environ["wsgi.run_once"],
            "multithread": environ["wsgi.multithread"],
            "multiprocess": environ["wsgi.multiprocess"],
        }


class Words:
    def on_get(self, request, response, word):
        response.media = {"word": word, "query": request.get_param("q")}


class Form:
    def on_get(self, request, response):
        response.content_type = falcon.MEDIA_HTML
        response.text = f'<form method="post" action="{request.root_path}/form"><input name="name"></form>'

    def on_post(self, request, response):
        name = request.get_media()["name"]
        response.set_cookie("name", name.encode().hex(), path=f"{request.root_path}/", secure=False)
        raise falcon.HTTPFound(f"{request.root_path}/greeting")


class Greeting:
    def on_get(self, request, response):
        name = request.get_cookie_values("name")
        if not name:
            raise falcon.HTTPForbidden()
        response.content_type = "text/plain; charset=utf-8"
        response.text = f"Hello, {bytes.fromhex(name[0]).decode()}!\n"


class Upload:
    def on_post(self, request, response):
        said = {}
        for part in request.get_media():
            if part.name == "file":
                digest = hashlib.sha256()
                size = 0
                while chunk := part.stream.read(65536):
                    digest.update(chunk)
                    size += len(chunk)
                said |= {"name": part.filename, "size": size, "sha256": digest.hexdigest()}
            else:
                said[part.name] = part.text
        response.media = said


class Bytes:
    def on_post(self, request, response):
        content = request.bounded_stream.read()
        response.media = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


class Things:
    def on_get(self, request, response, number):
        response.media = {"id": number, "title": "a thing"}

    on_head = on_get

    def on_put(self, request, response, number):
        response.media = {"id": number, "title": request.get_media()["title"]}

    def on_delete(self, request, response, number):
        response.status = falcon.HTTP_204


class Stream:
    def on_get(self, request, response):
        path = os.path.join(DATA, request.get_param("token"))

        def parts():
            yield b"first\n"
            for _ in range(1000):
                if os.path.exists(path):
                    break
                time.sleep(0.02)
            yield b"second\n"

        response.content_type = falcon.MEDIA_TEXT
        response.stream = parts()


class Endless:
    def on_get(self, request, response):
        path = os.path.join(DATA, request.get_param("token"))

        def parts():
            try:
                while True:
                    yield b"x" * 65536
            finally:
                with open(path, "w") as file:
                    file.write("closed")

        response.content_type = falcon.MEDIA_TEXT
        response.stream = parts()


class File:
    def on_get(self, request, response):
        path = os.path.join(DATA, "file.bin")
        response.content_type = "application/octet-stream"
        response.set_stream(open(path, "rb"), os.path.getsize(path))

    on_head = on_get


class Error:
    def on_get(self, request, response):
        raise ValueError("a deliberate error")


app = application = falcon.App()
app.add_route("/", Index())
app.add_route("/where", Where())
app.add_route("/words/{word}", Words())
app.add_route("/form", Form())
app.add_route("/greeting", Greeting())
app.add_route("/upload", Upload())
app.add_route("/bytes", Bytes())
app.add_route("/things/{number:int}", Things())
app.add_route("/stream", Stream())
app.add_route("/endless", Endless())
app.add_route("/file", File())
app.add_route("/error", Error())
app.add_static_route("/static", STATIC)
