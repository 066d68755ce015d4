"""The same pages as Flask's beside it."""

import hashlib
import json
import os
import time

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseForbidden, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe


@require_safe
def index(request):
    return HttpResponse(
        f'<!doctype html><title>Start</title><a id="form" href="{reverse("form")}">form</a>'
        f'<link rel="stylesheet" href="{static("admin/css/base.css")}">'
    )


def where(request):
    environ = request.environ
    return JsonResponse(
        {
            "script_name": environ["SCRIPT_NAME"],
            "path_info": environ["PATH_INFO"],
            "query": environ["QUERY_STRING"],
            "scheme": request.scheme,
            "address": environ["REMOTE_ADDR"],
            "host": request.get_host(),
            "url": request.build_absolute_uri(reverse("where")),
            "run_once": environ["wsgi.run_once"],
            "multithread": environ["wsgi.multithread"],
            "multiprocess": environ["wsgi.multiprocess"],
        }
    )


def words(request, word):
    return JsonResponse({"word": word, "query": request.GET.get("q")})


@csrf_exempt
def form(request):
    if request.method == "POST":
        request.session["name"] = request.POST["name"]
        return redirect("greeting")
    return HttpResponse(f'<form method="post" action="{reverse("form")}"><input name="name"></form>')


def greeting(request):
    if "name" not in request.session:
        return HttpResponseForbidden()
    return HttpResponse(f"Hello, {request.session['name']}!\n", content_type="text/plain; charset=utf-8")


@csrf_exempt
def upload(request):
    file = request.FILES["file"]
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    note = request.POST["note"]
    return JsonResponse({"note": note, "name": file.name, "size": file.size, "sha256": digest.hexdigest()})


@csrf_exempt
def raw_bytes(request):
    content = request.read()
    return JsonResponse({"size": len(content), "sha256": hashlib.sha256(content).hexdigest()})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "PUT", "DELETE"])
def things(request, number):
    if request.method == "DELETE":
        return HttpResponse(status=204)
    if request.method == "PUT":
        return JsonResponse({"id": number, "title": json.loads(request.body)["title"]})
    return JsonResponse({"id": number, "title": "a thing"})


def stream(request):
    path = settings.DATA / request.GET["token"]

    def parts():
        yield "first\n"
        for _ in range(1000):
            if path.exists():
                break
            time.sleep(0.02)
        yield "second\n"

    return StreamingHttpResponse(parts(), content_type="text/plain")


def endless(request):
    path = settings.DATA / request.GET["token"]

    def parts():
        try:
            while True:
                yield b"x" * 65536
        finally:
            path.write_text("closed")

    return StreamingHttpResponse(parts(), content_type="text/plain")


def file(request):
    return FileResponse(open(os.path.join(settings.DATA, "file.bin"), "rb"), content_type="application/octet-stream")


def error(request):
    raise ValueError("a deliberate error")
