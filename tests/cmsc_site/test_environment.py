"""A broken or unsafe environment stops the start, and the sentence names what to set."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cmsc_site import bucket, cdn_settings
from cmsc_site.bucket import check_object_storage
from cmsc_site.cdn_settings import check_cdn
from cmsc_site.environment import Environment, check_environment, read_environment_file

GOOD = {
    "secret_key": "a-key-of-more-than-fifty-characters-0123456789-0123456789",
    "debug": False,
    "site_url": "https://www.example.org",
    "sample_content": False,
}


def test_a_safe_environment_is_accepted():
    check_environment(**GOOD)


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:1"])
def test_on_ones_own_machine_debugging_and_samples_are_welcome(address):
    check_environment(**GOOD | {"site_url": address, "debug": True, "sample_content": True})


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"secret_key": ""}, "SECRET_KEY is not set"),
        ({"secret_key": "short"}, "SECRET_KEY is too short"),
        ({"secret_key": "x" * 80}, "SECRET_KEY is too short or too plain"),
        ({"site_url": "www.example.org"}, "SITE_URL"),
        ({"site_url": "ftp://example.org"}, "SITE_URL"),
        ({"site_url": "https://example.org/site"}, "SITE_URL"),
        ({"site_url": "https://example.org:port"}, "SITE_URL"),
        ({"site_url": ""}, "SITE_URL"),
        ({"site_url": "http://www.example.org"}, "SITE_URL .* https"),
        ({"debug": True}, "DEBUG"),
        ({"sample_content": True}, "SAMPLE_CONTENT"),
    ],
)
def test_an_unsafe_environment_is_refused_by_name(wrong, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        check_environment(**GOOD | wrong)


NO_BUCKET = {
    "bucket_name": "",
    "endpoint_url": None,
    "region_name": None,
    "access_key": None,
    "secret_key": None,
    "file_server": "",
}
BUCKET = NO_BUCKET | {"bucket_name": "cmsc-site", "access_key": "a", "secret_key": "b"}


@pytest.mark.parametrize(
    "storage",
    [
        NO_BUCKET,
        NO_BUCKET | {"file_server": "caddy"},
        BUCKET,
        BUCKET | {"access_key": None, "secret_key": None},
        BUCKET | {"endpoint_url": "http://minio:9000", "region_name": "us-east-1"},
        BUCKET | {"file_server": "bucket"},
    ],
)
def test_uploads_are_kept_on_disk_or_in_a_bucket(storage):
    check_object_storage(**storage)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (
            NO_BUCKET | {"endpoint_url": "https://s3.example.org"},
            "S3_ENDPOINT is set but S3_BUCKET",
        ),
        (NO_BUCKET | {"secret_key": "b"}, "S3_SECRET_KEY is set but S3_BUCKET"),
        (NO_BUCKET | {"file_server": "bucket"}, "FILE_SERVER=bucket is set but S3_BUCKET"),
        (BUCKET | {"bucket_name": "https://s3.example.org/cmsc"}, "S3_BUCKET is 'https"),
        (BUCKET | {"bucket_name": "No"}, "S3_BUCKET is 'No'"),
        (BUCKET | {"endpoint_url": "s3.example.org"}, "S3_ENDPOINT is 's3.example.org'"),
        (BUCKET | {"secret_key": None}, "S3_SECRET_KEY is not set"),
        (BUCKET | {"access_key": None}, "S3_ACCESS_KEY is not set"),
        (BUCKET | {"file_server": "nginx"}, "FILE_SERVER is 'nginx' while S3_BUCKET is set"),
    ],
)
def test_a_bucket_that_is_set_by_halves_is_refused_by_name(wrong, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        check_object_storage(**wrong)


NO_CDN = {"cdn_id": "", "token": "", "access_key": "", "secret_key": "", "addresses": []}


@pytest.mark.parametrize(
    ("cdn", "given"),
    [
        ("", {}),
        ("cloudflare", {"cdn_id": "z", "token": "t"}),
        ("cloudfront", {"cdn_id": "E1"}),
        ("cloudfront", {"cdn_id": "E1", "access_key": "a", "secret_key": "b"}),
        ("purge", {"addresses": ["http://cache-1:80", "https://cache-2"]}),
    ],
)
def test_a_cdn_is_known_by_what_it_needs(cdn, given):
    check_cdn(cdn, **NO_CDN | given)


@pytest.mark.parametrize(
    ("cdn", "wrong", "named"),
    [
        ("", {"token": "t"}, "CDN_TOKEN is set but CDN is not"),
        ("cloudflare", {"token": "t"}, "needs CDN_ID"),
        ("cloudflare", {"cdn_id": "z"}, "needs CDN_TOKEN"),
        ("cloudfront", {}, "needs CDN_ID"),
        ("cloudfront", {"cdn_id": "E1", "access_key": "a"}, "CDN_SECRET_KEY is not set"),
        ("purge", {}, "needs CDN_ADDRESSES"),
        ("purge", {"addresses": ["cache:80"]}, "CDN_ADDRESSES has 'cache:80'"),
    ],
)
def test_a_cdn_that_is_set_by_halves_is_refused_by_name(cdn, wrong, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        check_cdn(cdn, **NO_CDN | wrong)


def test_what_is_not_installed_is_said_with_how_to_install_it(monkeypatch):
    for module in (bucket, cdn_settings):
        monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-machines\.txt"):
        check_object_storage(**BUCKET)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-machines\.txt"):
        check_cdn("cloudfront", **NO_CDN | {"cdn_id": "E1"})


@pytest.mark.parametrize(
    ("word", "meaning"), [("on", True), ("YES", True), ("1", True), ("off", False), ("", False)]
)
def test_switches_are_plain_words(monkeypatch, word, meaning):
    monkeypatch.setenv("SWITCH", word)
    assert Environment().bool("SWITCH", default=not meaning) is meaning


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda env: env.bool("BROKEN"), "perhaps"),
        (lambda env: env.int("BROKEN", default=1), "many"),
        (lambda env: env.one_of("BROKEN", ("caddy", "nginx")), "apache"),
        (lambda env: env.db("BROKEN", default="sqlite:///x"), "nonsense"),
        (lambda env: env.db("BROKEN", default="sqlite:///x"), "oracle9://here"),
        (lambda env: env.email_url("BROKEN", default="dummymail://"), "carrier-pigeon://coop"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_by_name(monkeypatch, read, value):
    monkeypatch.setenv("BROKEN", value)
    with pytest.raises(ImproperlyConfigured, match="BROKEN"):
        read(Environment())


def test_a_file_with_a_slip_of_the_pen_is_refused_by_line(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# a note\nLOG_LEVEL=INFO\nSITE_URL https://example.org\n")
    with pytest.raises(ImproperlyConfigured, match=r"\.env, line 3: 'SITE_URL'"):
        read_environment_file(file)


def test_what_is_set_in_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SET_ALREADY", "kept")
    monkeypatch.delenv("SET_IN_FILE", raising=False)
    file = tmp_path / ".env"
    file.write_text("SET_ALREADY=other\nexport SET_IN_FILE='read here'\n")
    read_environment_file(file)
    assert os.environ["SET_ALREADY"] == "kept"
    assert os.environ.pop("SET_IN_FILE") == "read here"


def test_no_file_is_no_fault(tmp_path):
    read_environment_file(tmp_path / ".env")


def test_a_refused_start_ends_with_one_sentence():
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "SITE_URL": "http://www.example.org"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("The site cannot start: SITE_URL is 'http://www.example.org'")
    assert "Traceback" not in answer.stderr
