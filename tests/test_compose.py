"""docker-compose.yaml, the Dockerfile and scripts/docker, held against the code that they start.

They are really started by scripts/docker/try, which needs an engine; here the Compose tool alone reads them.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parent.parent
COMPOSE = PROJECT / "docker-compose.yaml"
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
FIRST_RUN = PROJECT / "scripts" / "docker" / "first-run"
HEALTHY = PROJECT / "scripts" / "docker" / "healthy"
SENTENCE = "run scripts/docker/first-run, which writes it to .env"
REQUIRED = sorted(set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text())))
AIRFLOW_SERVICES = {"init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
SECRETS = [name for name in REQUIRED if re.search("PASSWORD$|KEY$|SECRET$", name)]


def compose_config(env_file: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Let the Compose tool read the file, with nothing of this process's environment that could stand in for .env."""
    tool = Path(sys.executable).with_name("docker-compose")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSLAKE_", "AWS_"))}
    command = [tool, "--file", COMPOSE, "--env-file", env_file, "config", "--format", "json"]
    return subprocess.run(command, env=inherited | variables, capture_output=True, text=True, check=False)


def settings(env_file: Path) -> dict[str, str]:
    return dict(line.replace("'", "").split("=", 1) for line in env_file.read_text().splitlines())


def first_run(folder: Path) -> Path:
    subprocess.run([FIRST_RUN, "-e", folder / "env", folder / "data"], check=True, capture_output=True)
    return folder / "env"


@pytest.fixture(scope="module")
def env_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return first_run(tmp_path_factory.mktemp("first_run"))


@pytest.fixture(scope="module")
def services(env_file: Path) -> dict[str, Any]:
    result = compose_config(env_file)
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)["services"]
    return found


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_stops_with_one_sentence(name: str, env_file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "env"
    lines = env_file.read_text().splitlines(keepends=True)
    broken.write_text("".join(line for line in lines if not line.startswith(f"{name}=")))
    result = compose_config(broken)
    assert result.returncode != 0
    assert result.stderr.strip().splitlines() == [
        f"error while interpolating x-required: required variable {name} is missing a value: {SENTENCE}"
    ]


def test_an_empty_secret_is_a_missing_one(env_file: Path) -> None:
    assert SENTENCE in compose_config(env_file, NEWSLAKE_JWT_SECRET="").stderr


def test_first_run_writes_what_compose_needs_and_nothing_else(env_file: Path) -> None:
    assert sorted(settings(env_file)) == REQUIRED


def test_every_other_variable_is_described() -> None:
    optional = set(re.findall(r"\$\{(NEWSLAKE_\w+):-", COMPOSE.read_text()))
    described = set(re.findall(r"NEWSLAKE_\w+", (PROJECT / "docs" / "team.md").read_text()))
    assert optional
    assert described == optional | set(REQUIRED)


def test_first_run_makes_secrets_that_only_their_owner_reads(env_file: Path, tmp_path: Path) -> None:
    from cryptography.fernet import Fernet

    mine, others = settings(env_file), settings(first_run(tmp_path))
    assert all(mine[name] != others[name] and len(mine[name]) >= 44 for name in SECRETS)
    assert len({mine[name] for name in SECRETS}) == len(SECRETS) == 5
    assert all(re.fullmatch(r"[\w=-]+", mine[name]) for name in SECRETS), "they stand in URLs"
    Fernet(mine["NEWSLAKE_FERNET_KEY"])
    passwords = Path(mine["NEWSLAKE_PASSWORDS_FILE"])
    assert len(json.loads(passwords.read_text())["admin"]) >= 44
    assert [path.stat().st_mode & 0o777 for path in (env_file, passwords, passwords.parent)] == [0o600, 0o600, 0o700]


def test_first_run_overwrites_nothing(tmp_path: Path) -> None:
    env_file = first_run(tmp_path)
    passwords = Path(settings(env_file)["NEWSLAKE_PASSWORDS_FILE"])
    lines = [line for line in env_file.read_text().splitlines() if not line.startswith("NEWSLAKE_JWT_SECRET=")]
    lines[0] = "NEWSLAKE_UID=4711"
    env_file.write_text("\n".join(lines) + "\n")
    before = passwords.read_bytes()
    after = first_run(tmp_path).read_text().splitlines()
    assert after[:-1] == lines
    assert after[-1].startswith("NEWSLAKE_JWT_SECRET=")
    assert passwords.read_bytes() == before


def test_only_the_ui_has_a_port_and_only_on_this_machine(services: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert list(ports) == ["api-server"]
    assert [port["host_ip"] for port in ports["api-server"]] == ["127.0.0.1"]


def test_no_secret_is_literal(services: dict[str, Any], env_file: Path) -> None:
    mine = settings(env_file)
    for name, service in services.items():
        for key, value in service["environment"].items():
            if re.search(r"PASSWORD$|SECRET|KEY$|TOKEN|AUTH$|_CONN$|BROKER_URL$", key):
                assert value is None or any(mine[secret] in value for secret in SECRETS), f"{name}: {key}"


def test_every_secret_reaches_a_service(services: dict[str, Any], env_file: Path) -> None:
    given = [value for service in services.values() for value in service["environment"].values() if value]
    mine = settings(env_file)
    assert [secret for secret in SECRETS if not any(mine[secret] in value for value in given)] == []


def test_all_services_are_watched_and_restarted(services: dict[str, Any]) -> None:
    assert set(services) == AIRFLOW_SERVICES | {"postgres", "redis"}
    for name in services.keys() - {"init"}:
        assert services[name]["restart"] == "unless-stopped", name
        assert services[name]["healthcheck"]["test"], name
    assert services["init"]["restart"] == "no", "a migration that failed is not tried for ever"


def test_services_start_after_what_they_need(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            ready = "service_completed_successfully" if other == "init" else "service_healthy"
            assert how["condition"] == ready, f"{name} → {other}"
    for name in AIRFLOW_SERVICES - {"init", "api-server"}:
        assert {"init", "redis", "api-server"} <= services[name]["depends_on"].keys(), name
    assert "init" in services["api-server"]["depends_on"]
    assert "postgres" in services["init"]["depends_on"]


def test_airflows_containers_run_as_the_user_of_env_and_cannot_change_the_image(
    services: dict[str, Any], env_file: Path
) -> None:
    mine = settings(env_file)
    assert mine["NEWSLAKE_UID"] != "0"
    for name in AIRFLOW_SERVICES:
        service = services[name]
        assert service["user"] == f"{mine['NEWSLAKE_UID']}:{mine['NEWSLAKE_GID']}", name
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name


def test_folders_of_the_host_are_mounted_where_the_settings_say(services: dict[str, Any], env_file: Path) -> None:
    mine = settings(env_file)
    for name in AIRFLOW_SERVICES:
        mounts = {mount["target"]: mount for mount in services[name]["volumes"]}
        assert all(not mount["bind"].get("create_host_path", True) for mount in mounts.values()), name
        assert all(Path(mount["source"]).exists() for mount in mounts.values()), name
    worker = {mount["target"]: mount for mount in services["worker"]["volumes"]}
    for setting, variable in {
        "NEWSLAKE_LANDING": "NEWSLAKE_LANDING_DIR",
        "NEWSLAKE_LAKE": "NEWSLAKE_LAKE_DIR",
        "NEWSLAKE_DATA_DOCS": "NEWSLAKE_DATA_DOCS_DIR",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": "NEWSLAKE_LOGS_DIR",
    }.items():
        mount = worker[services["worker"]["environment"][setting]]
        assert mount["source"] == mine[variable], setting
    assert worker["/data/landing"]["read_only"]
    assert not worker["/data/lake"].get("read_only")
    ui = {mount["target"]: mount for mount in services["api-server"]["volumes"]}
    passwords = services["api-server"]["environment"]["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]
    assert ui[passwords]["source"] == mine["NEWSLAKE_PASSWORDS_FILE"]
    assert ui["/data/lake"]["read_only"] and ui["/data/data_docs"]["read_only"]


def test_urls_take_the_place_of_the_folders(env_file: Path) -> None:
    urls = {"NEWSLAKE_LANDING_URL": "s3://in/raw", "NEWSLAKE_LAKE_URL": "s3://out/lake"}
    environment = json.loads(compose_config(env_file, **urls).stdout)["services"]["worker"]["environment"]
    assert (environment["NEWSLAKE_LANDING"], environment["NEWSLAKE_LAKE"]) == ("s3://in/raw", "s3://out/lake")


def test_credentials_of_buckets_are_passed_on_and_never_made_up(env_file: Path, services: dict[str, Any]) -> None:
    names = re.findall(r"^    (AWS_\w+):$", COMPOSE.read_text(), re.MULTILINE)
    assert len(names) == 5
    assert all(not service["environment"].get(name) for service in services.values() for name in names)
    given = {name: f"the {name}" for name in names}
    environment = json.loads(compose_config(env_file, **given).stdout)["services"]["worker"]["environment"]
    assert {name: environment[name] for name in names} == given
    documented = (PROJECT / "docs" / "team.md").read_text()
    assert [name for name in names if name not in documented] == []


def known_options() -> set[str]:
    """The environment variables of all options that Airflow and the Celery provider describe; imports neither."""
    core = distribution("apache-airflow-core").locate_file("airflow/config_templates/config.yml")
    celery = distribution("apache-airflow-providers-celery").locate_file(
        "airflow/providers/celery/get_provider_info.py"
    )
    sections = yaml.safe_load(Path(str(core)).read_text())
    sections |= runpy.run_path(str(celery))["get_provider_info"]()["config"]
    return {
        f"AIRFLOW__{section.upper().replace('.', '_')}__{option.upper()}"
        for section, described in sections.items()
        for option in described["options"]
    }


def test_airflow_and_newslake_know_every_variable(services: dict[str, Any]) -> None:
    given = {key for name in AIRFLOW_SERVICES for key in services[name]["environment"]}
    given |= set(re.findall(r"^\s+(?:ENV )?([A-Z_]+)=", DOCKERFILE, re.MULTILINE))
    airflows = {key for key in given if key.startswith("AIRFLOW__")}
    assert len(airflows) > 15
    assert airflows - known_options() == set()
    code = "".join(path.read_text() for path in (PROJECT / "plugins" / "newslake").rglob("*.py"))
    ours = {key for key in given if key.startswith("NEWSLAKE_")}
    assert ours == {f"NEWSLAKE_{name}" for name in ("LANDING", "LAKE", "WORK", "DATA_DOCS", "ALERT_URL")}
    assert {key for key in ours if f'"{key}"' not in code} == set()


def test_the_commands_are_airflows(services: dict[str, Any]) -> None:
    """Airflow's own parser reads each command; it ends with status 2 at one it does not know."""
    commands = [services[name]["command"] for name in sorted(AIRFLOW_SERVICES)]
    assert {command[0] for command in commands} == {"airflow"}
    program = (
        "import json, sys; from airflow.cli.cli_parser import get_parser; parser = get_parser(); "
        "[parser.parse_args(command[1:]) for command in json.loads(sys.argv[1])]"
    )
    assert subprocess.run([sys.executable, "-c", program, json.dumps(commands)], check=False).returncode == 0


def test_the_health_checks_exist(services: dict[str, Any]) -> None:
    script = "/opt/newslake/" + str(HEALTHY.relative_to(PROJECT))
    for name in AIRFLOW_SERVICES - {"init", "worker"}:
        assert services[name]["healthcheck"]["test"] == ["CMD", "python", script, name]
    assert services["postgres"]["healthcheck"]["test"][1] == "pg_isready"
    assert services["redis"]["healthcheck"]["test"][1].startswith("redis-cli ping")
    _, celery, *arguments = shlex.split(services["worker"]["healthcheck"]["test"][1])
    assert Path(sys.executable).with_name(celery).exists()
    options = {argument for argument in arguments if argument.startswith("--")}
    shown = subprocess.run(
        [Path(sys.executable).with_name(celery), *arguments[:1], "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert arguments[:2] == ["inspect", "ping"]
    assert {option for option in options if option not in shown} == set()


class Monitor(BaseHTTPRequestHandler):
    """Airflow's health page, in which the triggerer alone is ill."""

    def do_GET(self) -> None:
        parts = {"metadatabase": "healthy", "dag_processor": "healthy", "triggerer": "unhealthy"}
        self.send_response(200 if self.path == "/api/v2/monitor/health" else 404)
        self.end_headers()
        self.wfile.write(json.dumps({part: {"status": status} for part, status in parts.items()}).encode())

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def monitor() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Monitor) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/execution/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("service", "says"),
    [
        ("api-server", ""),
        ("dag-processor", ""),
        ("triggerer", "triggerer is not healthy\n"),
        ("scheduler", "scheduler does not answer"),
        ("warehouse", "Say by the exit code"),
    ],
)
def test_healthy_says_so_by_its_exit_code(service: str, says: str, monitor: str) -> None:
    environment = os.environ | {"AIRFLOW__CORE__EXECUTION_API_SERVER_URL": monitor, "NO_PROXY": "127.0.0.1"}
    result = subprocess.run([HEALTHY, service], env=environment, capture_output=True, text=True, check=False)
    assert result.stderr.startswith(says)
    assert result.returncode == (1 if says else 0)


def test_the_image_holds_what_the_compose_file_and_the_dockerfile_name() -> None:
    copied = [name for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()]
    kept = re.findall(r"^!(\S+)$", (PROJECT / ".dockerignore").read_text(), re.MULTILINE)
    assert sorted(copied) == sorted(kept)
    assert [name for name in copied if not (PROJECT / name).exists()] == []
    named = set(re.findall(r"/opt/newslake/([\w./-]+)", DOCKERFILE + COMPOSE.read_text()))
    assert {"dags", "plugins", "runtime", "scripts/docker/healthy"} <= named
    assert [path for path in named if not any(path == name or path.startswith(f"{name}/") for name in copied)] == []


def test_the_lock_has_a_hash_for_everything_that_the_image_installs() -> None:
    requirements = (PROJECT / "requirements.txt").read_text().replace("\\\n", "").splitlines()
    pins = [line for line in requirements if line and not line.startswith("#")]
    assert len(pins) > 100
    assert [pin for pin in pins if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", pin)] == []
