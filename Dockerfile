# Newslake for a team's server: the product and its `team` extra, from the lock, run as an ordinary user.
#
#   docker build -t newslake .                                    or: docker compose build
#   docker build --secret id=ca,src=company-ca.pem -t newslake .  behind a proxy with certificates of its own
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /opt/newslake
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=/opt/venv
COPY pyproject.toml requirements.txt ./
# uv checks the lock's hashes also where the lock is only a constraint. What no constraint names would come without one,
# so the last line stops the build when anything installed is not the lock's.
RUN --mount=type=secret,id=ca set -eu; \
    if [ -s /run/secrets/ca ]; then export SSL_CERT_FILE=/run/secrets/ca PIP_CERT=/run/secrets/ca; fi; \
    awk '/^uv==/ {take = 1} take {print} take && !/\\$/ {exit}' requirements.txt > /tmp/uv.txt; \
    python3 -m venv /opt/uv; \
    /opt/uv/bin/pip install --quiet --require-hashes --no-deps --only-binary :all: -r /tmp/uv.txt; \
    /opt/uv/bin/uv venv --quiet --python python3 /opt/venv; \
    /opt/uv/bin/uv pip install --quiet --no-build --compile-bytecode \
        -r pyproject.toml --extra team uv-build -c requirements.txt; \
    sed -n 's/^\([a-zA-Z0-9._-]*==[^ ;]*\).*/\1/p' requirements.txt > /tmp/lock.txt; \
    /opt/uv/bin/uv pip freeze > /tmp/installed.txt; \
    if grep -vxFf /tmp/lock.txt /tmp/installed.txt; then echo 'not in requirements.txt: see above' >&2; exit 1; fi

COPY README.md LICENSE ./
COPY plugins plugins
COPY runtime runtime
COPY dags dags
COPY include/publishers include/publishers
COPY scripts/docker/healthy scripts/docker/healthy
# The package stays where it is, as on a laptop: one copy of the code, and its profiles beside it.
RUN /opt/uv/bin/uv pip install --quiet --offline --no-deps --no-build-isolation -e . \
    && /opt/uv/bin/uv pip uninstall --quiet uv-build \
    && /opt/venv/bin/python -m compileall -q plugins runtime dags

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/newslake/runtime \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/newslake/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/newslake/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False
RUN useradd --uid 10001 --home-dir /opt/airflow --create-home newslake
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/newslake /opt/newslake
WORKDIR /opt/newslake
USER newslake
CMD ["airflow", "version"]
