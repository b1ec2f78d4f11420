"""Addresses under /board/: the library that members of the board alone may read."""

from django.urls import path, re_path

from finance import views

urlpatterns = [
    path("", views.board_library, name="board_library"),
    re_path(r"^(?P<year>[0-9]{4})\.zip$", views.board_year, name="board_year"),
    re_path(r"^(?P<year>[0-9]{4})/(?P<slug>[-\w]+)\.pdf$", views.board_filing, name="board_filing"),
    re_path(
        r"^(?P<year>[0-9]{4})/(?P<slug>[-\w]+)/version-(?P<number>[0-9]{1,4})\.pdf$",
        views.board_version,
        name="board_version",
    ),
    re_path(
        r"^(?P<year>[0-9]{4})/(?P<slug>[-\w]+)/(?P<digest>[0-9a-f]{16})\.jpg$",
        views.board_thumbnail,
        name="board_thumbnail",
    ),
]
