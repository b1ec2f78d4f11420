"""deploy/kubernetes/ is what Kubernetes reads, and says what the deployment's promises need."""

import re

import kubernetes_validate
import pytest
import yaml
from django.conf import settings

FOLDER = settings.BASE_DIR / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
# The oldest that had support when this was written, and the newest whose schema is installed.
VERSIONS = ["1.33", kubernetes_validate.latest_version()]
DOCUMENTS = [
    document
    for name in KUSTOMIZATION["resources"]
    for document in yaml.safe_load_all((FOLDER / name).read_text())
]
DEPLOYMENTS = {
    document["metadata"]["name"]: document
    for document in DOCUMENTS
    if document["kind"] == "Deployment"
}


def named(document: dict) -> str:
    return f"{document['kind']} {document['metadata']['name']}"


def of_kind(kind: str) -> dict:
    return next(document for document in DOCUMENTS if document["kind"] == kind)


def container(name: str) -> dict:
    (only,) = DEPLOYMENTS[name]["spec"]["template"]["spec"]["containers"]
    return only


def variables(name: str) -> dict[str, str]:
    lines = (FOLDER / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_each_document_is_as_its_schema_says(document, version):
    kubernetes_validate.validate(document, version, strict=True)


def test_a_document_with_a_slip_of_the_pen_would_be_refused():
    wrong = yaml.safe_load((FOLDER / "worker.yaml").read_text())
    wrong["spec"]["replica"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_every_file_in_the_folder_is_named_and_every_named_one_is_there():
    named_files = set(KUSTOMIZATION["resources"])
    for generator in KUSTOMIZATION["configMapGenerator"] + KUSTOMIZATION["secretGenerator"]:
        named_files |= set(generator["envs"])
    there = {path.name for path in FOLDER.iterdir()} - {"secret.env"}
    assert named_files - {"secret.env"} | {"kustomization.yaml", "secret.env.example"} == there


def at(place: str, document):
    """Return what stands at a place as kustomize writes it: a.b.[key=value].0"""
    for step in re.findall(r"\[[^]]+\]|[^.\[\]]+", place):
        if step.startswith("["):
            key, value = step.strip("[]").split("=")
            (document,) = [one for one in document if one[key] == value]
        else:
            document = document[int(step) if step.isdigit() else step]
    return document


def test_the_sites_name_stands_wherever_it_is_put_from_site_env():
    (replacement,) = KUSTOMIZATION["replacements"]
    assert replacement["source"]["name"] == KUSTOMIZATION["configMapGenerator"][0]["name"]
    assert replacement["source"]["options"] == {"delimiter": "/", "index": 2}
    name = variables("site.env")["SITE_URL"].split("/")[2]
    found = []
    for target in replacement["targets"]:
        document = of_kind(target["select"]["kind"])
        if "name" in target["select"]:
            document = DEPLOYMENTS[target["select"]["name"]]
        found += [at(place, document) for place in target["fieldPaths"]]
    assert found == [name] * 5
    everywhere = "".join((FOLDER / file).read_text() for file in KUSTOMIZATION["resources"])
    # The two probes that are alike are written once.
    assert everywhere.count(name) == 4


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_container_is_confined(name):
    pod = DEPLOYMENTS[name]["spec"]["template"]["spec"]
    user = re.search(r"--uid (\d+)", (settings.BASE_DIR / "Dockerfile").read_text())[1]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == int(user)
    assert pod["automountServiceAccountToken"] is False
    assert container(name)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container(name)["resources"]["limits"]["memory"]
    assert container(name)["resources"]["requests"].keys() == {"cpu", "memory"}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_whatever_is_written_is_written_where_it_may_be_lost(name):
    pod = DEPLOYMENTS[name]["spec"]["template"]["spec"]
    assert {mount["mountPath"] for mount in container(name)["volumeMounts"]} == {"/srv/var", "/tmp"}  # noqa: S108
    assert all("emptyDir" in volume for volume in pod["volumes"])


def test_web_and_worker_are_one_image_in_two_roles():
    web, worker = container("web"), container("worker")
    assert web["image"] == worker["image"] == KUSTOMIZATION["images"][0]["name"]
    assert web["envFrom"] == worker["envFrom"]
    assert (web["args"], worker["args"]) == (["web"], ["worker"])


def test_there_is_one_worker_and_as_many_web_processes_as_are_needed():
    assert DEPLOYMENTS["worker"]["spec"]["replicas"] == 1
    assert DEPLOYMENTS["worker"]["spec"]["strategy"] == {"type": "Recreate"}
    assert "replicas" not in DEPLOYMENTS["web"]["spec"]
    scaler = of_kind("HorizontalPodAutoscaler")["spec"]
    assert scaler["scaleTargetRef"]["name"] == "web"
    assert scaler["minReplicas"] > of_kind("PodDisruptionBudget")["spec"]["minAvailable"]


def test_whatever_chooses_web_processes_chooses_those():
    labels = DEPLOYMENTS["web"]["spec"]["template"]["metadata"]["labels"]
    assert of_kind("Service")["spec"]["selector"] == labels
    assert of_kind("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels
    assert DEPLOYMENTS["web"]["spec"]["selector"]["matchLabels"] == labels


def test_the_probes_ask_what_the_site_answers():
    web = container("web")
    assert web["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert web["startupProbe"]["httpGet"]["path"] == "/healthz"
    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_every_variable_is_one_that_the_site_reads():
    example = (settings.BASE_DIR / ".env.example").read_text()
    documented = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE))
    assert variables("site.env").keys() | variables("secret.env.example").keys() <= documented


def test_no_secret_is_in_the_repository_or_in_an_image():
    assert variables("secret.env.example")["SECRET_KEY"] == ""
    assert "deploy/kubernetes/secret.env" in (settings.BASE_DIR / ".gitignore").read_text()
    assert "deploy/kubernetes" in (settings.BASE_DIR / ".dockerignore").read_text().splitlines()
