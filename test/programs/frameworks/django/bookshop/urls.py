from django.contrib import admin
from django.urls import path

from library import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", views.index, name="index"),
    path("where", views.where, name="where"),
    path("words/<path:word>", views.words),
    path("form", views.form, name="form"),
    path("greeting", views.greeting, name="greeting"),
    path("upload", views.upload),
    path("bytes", views.raw_bytes),
    path("things/<int:number>", views.things),
    path("stream", views.stream),
    path("endless", views.endless),
    path("file", views.file),
    path("error", views.error),
]
