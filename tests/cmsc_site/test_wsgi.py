"""The site answers as a plain WSGI application, as gunicorn asks it."""

from wsgiref.util import setup_testing_defaults

import pytest

from cmsc_site.wsgi import application


@pytest.mark.django_db
def test_the_application_answers():
    environ = {"PATH_INFO": "/healthz", "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    answers = []
    body = application(environ, lambda status, headers: answers.append(status))
    assert answers == ["200 OK"]
    assert b"".join(body) == b"ok\n"
