import re
from fnmatch import fnmatch

import kubernetes_validate
import pytest
import yaml

from pynomaly.infrastructure.settings import NAMES, SECRET_NAMES
from pynomaly.presentation.http.front_door import OWN_NAMES
from tests.deploy.dockerfile import DOCKERFILE, ROOT, instructions
from tests.deploy.manifests import KUBERNETES, OVERLAYS, of_kind, pods, written_out

VERSIONS = ("1.33", "1.34", "1.35", "1.36", "1.37")
SECRET_KEYS = {f"PYNOMALY_{name.upper()}" for name in SECRET_NAMES}
OUTSIDE, INSIDE = "0.0.0.0/0", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")

every_overlay = pytest.mark.parametrize("overlay", OVERLAYS)


def _containers(overlay):
    return [(name, container) for name, pod in pods(overlay).items() for container in pod["spec"]["containers"]]


@every_overlay
@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_what_kubernetes_knows_word_for_word(overlay, version):
    assert kubernetes_validate.latest_version() >= VERSIONS[-1]
    for one in written_out(overlay):
        kubernetes_validate.validate(one, version, strict=True)


def test_a_word_that_kubernetes_does_not_know_is_noticed():
    (service, *_) = of_kind("small", "Service").values()
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(service | {"spek": {}}, VERSIONS[0], strict=True)


def test_what_is_promised_is_there():
    kinds = {one["kind"] for one in written_out("production")}
    assert kinds == {
        "Namespace", "ServiceAccount", "ConfigMap", "PersistentVolumeClaim", "Deployment", "Job", "Service", "Ingress",
        "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy",
    }  # fmt: skip
    assert set(pods("production")) == {"pynomaly-api", "pynomaly-worker", "pynomaly-upgrade"}


@every_overlay
def test_no_secret_value_is_written_down_and_secrets_come_from_a_secret(overlay):
    assert of_kind(overlay, "Secret") == {}
    for settings in of_kind(overlay, "ConfigMap").values():
        assert not SECRET_KEYS & set(settings["data"])
    for _, container in _containers(overlay):
        assert [one for one in container.get("env", []) if "value" in one] == []


@every_overlay
def test_pods_run_as_nobody_with_nothing_to_write_to_but_their_volumes(overlay):
    user = next(one.rest for one in instructions(DOCKERFILE.read_text()) if one.word == "USER").partition(":")[0]
    for pod in pods(overlay).values():
        who = pod["spec"]["securityContext"]
        assert who["runAsNonRoot"] is True
        assert who["seccompProfile"] == {"type": "RuntimeDefault"}
        assert {who["runAsUser"], who["runAsGroup"], who["fsGroup"]} == {int(user)}
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert pod["spec"]["serviceAccountName"] in of_kind(overlay, "ServiceAccount")
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod["spec"])
        assert {"emptyDir", "persistentVolumeClaim", "name"} >= {key for one in pod["spec"]["volumes"] for key in one}
    for _, container in _containers(overlay):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@every_overlay
def test_the_namespace_itself_refuses_anything_less(overlay):
    (namespace,) = of_kind(overlay, "Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert {one["metadata"].get("namespace") for one in written_out(overlay)} == {None, namespace["metadata"]["name"]}


@every_overlay
def test_every_container_says_what_it_needs_and_where_it_ends(overlay):
    for _, container in _containers(overlay):
        assert {"cpu", "memory"} == set(container["resources"]["requests"]) == set(container["resources"]["limits"])


@every_overlay
def test_a_worker_has_room_for_the_job_that_it_may_run(overlay):
    (settings,) = of_kind(overlay, "ConfigMap").values()
    job_mib = int(settings["data"]["PYNOMALY_JOB_MEMORY_MB"])
    (worker,) = (container for name, container in _containers(overlay) if name == "pynomaly-worker")
    assert _gib(worker["resources"]["limits"]["memory"]) * 1024 >= job_mib + 1024


def _gib(amount):
    return int(amount.removesuffix("Gi"))


@every_overlay
def test_settings_are_ones_that_there_are(overlay):
    (settings,) = of_kind(overlay, "ConfigMap").values()
    known = {f"PYNOMALY_{name.upper()}" for name in NAMES}
    assert set(settings["data"]) <= known


@every_overlay
def test_probes_ask_for_pages_that_are_served_under_a_name_that_the_server_goes_by(overlay):
    from pynomaly.presentation.api.health import routes

    served = {f"/api/v1{route.path}" for route in routes.routes}
    probes = {
        (name, kind): container[kind]
        for name, container in _containers(overlay)
        for kind in _PROBES
        if kind in container
    }
    assert {kind for name, kind in probes if name == "pynomaly-api"} == set(_PROBES)
    assert {kind for name, kind in probes if name == "pynomaly-worker"} == set(_PROBES)
    asked = {key: probe["httpGet"] for key, probe in probes.items() if "httpGet" in probe}
    for question in asked.values():
        assert question["path"] in served
        assert {header["value"] for header in question["httpHeaders"] if header["name"] == "Host"} <= OWN_NAMES
    assert asked["pynomaly-api", "livenessProbe"]["path"].endswith("/live")
    assert asked["pynomaly-api", "readinessProbe"]["path"].endswith("/ready")


_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


@every_overlay
def test_whoever_is_told_to_stop_has_time_to_finish(overlay):
    for name in ("pynomaly-api", "pynomaly-worker"):
        assert pods(overlay)[name]["spec"]["terminationGracePeriodSeconds"] > 30 + 5 + 10


@every_overlay
def test_services_policies_and_budgets_point_at_pods_that_there_are(overlay):
    labels = [pod["metadata"]["labels"] for pod in pods(overlay).values()]
    selectors = [one["spec"]["selector"] for one in of_kind(overlay, "Service").values()]
    selectors += [one["spec"]["selector"]["matchLabels"] for one in of_kind(overlay, "PodDisruptionBudget").values()]
    selectors += [one["spec"]["selector"]["matchLabels"] for one in of_kind(overlay, "Deployment").values()]
    assert all(any(selector.items() <= label.items() for label in labels) for selector in selectors)
    for policy in of_kind(overlay, "NetworkPolicy").values():
        assert any(_selects(policy, label) for label in labels), policy["metadata"]["name"]


def _selects(policy, labels):
    selector = policy["spec"]["podSelector"]
    listed = selector.get("matchExpressions", [])
    assert all(one["operator"] == "In" for one in listed)
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        labels.get(one["key"]) in one["values"] for one in listed
    )


@every_overlay
def test_everything_is_denied_that_is_not_allowed(overlay):
    policies = of_kind(overlay, "NetworkPolicy")
    denied = policies["pynomaly-deny-all"]["spec"]
    assert set(denied["policyTypes"]) == {"Ingress", "Egress"}
    assert not {"ingress", "egress"} & set(denied)
    for name, pod in pods(overlay).items():
        assert _selects(policies["pynomaly-deny-all"], pod["metadata"]["labels"]), name


@every_overlay
def test_the_world_outside_is_open_to_servers_and_workers_and_the_world_inside_only_for_databases(overlay):
    for policy in of_kind(overlay, "NetworkPolicy").values():
        for rule in policy["spec"].get("egress", []):
            for block in (peer["ipBlock"] for peer in rule["to"] if "ipBlock" in peer):
                if block["cidr"] == OUTSIDE:
                    assert set(INSIDE) <= set(block["except"])
                else:
                    assert {port["port"] for port in rule["ports"]} == {5432, 6379}
    upgrade = pods(overlay)["pynomaly-upgrade"]["metadata"]["labels"]
    assert not _selects(of_kind(overlay, "NetworkPolicy")["pynomaly-outside"], upgrade)


@every_overlay
def test_requests_come_only_from_the_ingress_and_scrapes_only_from_the_monitoring(overlay):
    let_in = {
        (peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"], port["port"])
        for policy in of_kind(overlay, "NetworkPolicy").values()
        for rule in policy["spec"].get("ingress", [])
        for peer in rule["from"]
        for port in rule["ports"]
    }
    assert let_in == {("ingress-nginx", 8000), ("monitoring", 9464)}


def test_scalers_scale_what_there_is_by_cpu_and_by_the_queue():
    scalers = of_kind("production", "HorizontalPodAutoscaler")
    deployments = of_kind("production", "Deployment")
    for scaler in scalers.values():
        assert scaler["spec"]["scaleTargetRef"]["name"] in deployments
        assert scaler["spec"]["minReplicas"] >= 2
    assert all("replicas" not in one["spec"] for one in deployments.values())
    (cpu,), (queue,) = (scalers[name]["spec"]["metrics"] for name in ("pynomaly-api", "pynomaly-worker"))
    assert cpu["resource"]["name"] == "cpu"
    assert queue["external"]["metric"]["name"] == "pynomaly_jobs_waiting"


def test_the_adapter_asks_for_the_metric_that_the_scaler_names_once_for_all_who_tell_it():
    import promql_parser

    rules = yaml.safe_load((KUBERNETES / "prometheus-adapter.yaml").read_text())["rules"]["external"]
    (scaled,) = of_kind("production", "HorizontalPodAutoscaler")["pynomaly-worker"]["spec"]["metrics"]
    (rule,) = rules
    assert rule["name"]["as"] == scaled["external"]["metric"]["name"]
    query = (
        rule["metricsQuery"].replace("<<.Series>>", rule["name"]["as"]).replace("<<.LabelMatchers>>", 'namespace="p"')
    )
    promql_parser.parse(query)
    assert "max by (kind)" in query


@every_overlay
def test_every_image_has_a_version_and_it_is_the_one_of_this_repository(overlay):
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[1]
    images = {container["image"] for _, container in _containers(overlay)}
    assert images == {f"pynomaly:{version}"}


def test_servers_and_workers_share_one_home_that_many_can_write():
    (claim,) = of_kind("production", "PersistentVolumeClaim").values()
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    for name in ("pynomaly-api", "pynomaly-worker"):
        mounts = {one["mountPath"] for one in pods("production")[name]["spec"]["containers"][0]["volumeMounts"]}
        assert mounts == {"/data", "/tmp"}  # noqa: S108 - a folder of the image


def test_every_file_is_used():
    named = {
        path
        for folder in ("base", *(f"overlays/{one}" for one in OVERLAYS))
        for path in yaml.safe_load((KUBERNETES / folder / "kustomization.yaml").read_text())["resources"]
    }
    files = [path.name for path in KUBERNETES.rglob("*.yaml") if path.name != "kustomization.yaml"]
    assert [name for name in files if name not in named and not fnmatch(name, "prometheus-*")] == []
