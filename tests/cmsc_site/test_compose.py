"""compose.yaml and its companions say what the deployment's promises need."""

import re

import pytest
import yaml
from django.conf import settings

COMPOSE = yaml.safe_load((settings.BASE_DIR / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (settings.BASE_DIR / "Dockerfile").read_text()


def test_the_site_has_its_five_services_and_one_that_is_run_once():
    always = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert always == {"caddy", "web", "worker", "postgres", "redis"}
    assert set(SERVICES) - always == {"places"}


def test_the_package_of_places_is_in_no_image_that_serves():
    assert SERVICES["places"]["build"]["target"] == "places"
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)
    assert ["requirements-places" in stage for stage in stages].count(True) == 1
    # Built when no target is named, and made of the one without the package.
    assert stages[-1].startswith("site")


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_confined(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"web", "places"}))
def test_every_service_tells_whether_it_is_well(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_the_images_own_check_asks_the_web_process():
    assert 'CMD ["python", "deploy/healthcheck.py"]' in DOCKERFILE
    assert "healthcheck" not in SERVICES["web"]


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_web_and_worker_are_one_image_in_two_roles():
    web, worker = SERVICES["web"], SERVICES["worker"]
    assert (web["command"], worker["command"]) == (["web"], ["worker"])
    for same in ["image", "build", "env_file", "environment", "volumes"]:
        assert web[same] == worker[same]


def test_what_must_be_kept_is_on_a_volume():
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"]


def test_the_image_does_not_run_as_root():
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["site"]
    user = re.search(r"--gid (\d+) site", DOCKERFILE)[1]
    assert SERVICES["caddy"]["group_add"] == [user]


def test_what_the_image_copies_is_not_left_out_of_it():
    ignored = (settings.BASE_DIR / ".dockerignore").read_text().splitlines()
    apps = {"accounts", "cmsc_site", "library", "pages", "people", "deploy", "static", "templates"}
    assert apps.isdisjoint(ignored)
    assert {".env*", ".git", "var", ".venv"} <= set(ignored)
