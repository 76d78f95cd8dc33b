"""A real S3 server for the tests (SeaweedFS), and a proxy before it that can hold, drop or change an answer."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BUCKETS = ("newslake", "newsroom")
PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc",
         "s3.port", "s3.port.grpc", "admin.port", "admin.port.grpc")  # fmt: skip


@dataclass
class Server:
    """Where it listens, and what a client has to have in its environment."""

    port: int
    filer_port: int

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.port)


def environment(port: int) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_REGION": "us-east-1",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server whose data lie in `folder`; it listens on 127.0.0.1 only, on free ports, and calls nobody."""
    ports = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))
    options = {"ip": "127.0.0.1", "ip.bind": "127.0.0.1", "dir": str(folder), "bucket": ",".join(BUCKETS)}
    options |= {"master.telemetry": "false", "webdav": "false", "admin.ui": "false", "s3.autoCreateBucket": "false"}
    options |= {"s3.port.iceberg": "0", "s3.port.lance": "0"} | {name: str(port) for name, port in ports.items()}
    command = [Path(sys.executable).with_name("weed"), "-logtostderr=true", "mini"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, *(f"-{name}={value}" for name, value in options.items())],
            stdout=log, stderr=log, cwd=folder, env=os.environ | environment(0),
        )  # fmt: skip
    try:
        _wait(process, ports["s3.port"], folder / "log")
        yield Server(ports["s3.port"], ports["filer.port"])
    finally:
        process.send_signal(signal.SIGKILL)  # nothing in it is to be kept
        process.wait()


class Proxy:
    """Passes requests on to a server. `before(method, path)` may wait or raise; what `after(method, path, status)`
    returns is the status that the client gets, 0 for none: the connection ends without an answer."""

    def __init__(self, port: int) -> None:
        self.before: Callable[[str, str], Any] = lambda *_: None
        self.after: Callable[[str, str, int], int] = lambda _method, _path, status: status
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self) -> None:
                outer._pass_on(self, port)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = pass_on

            def log_message(self, *_: Any) -> None:
                """Write nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _pass_on(self, request: BaseHTTPRequestHandler, port: int) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        self.before(request.command, request.path)
        upstream = http.client.HTTPConnection("127.0.0.1", port)
        upstream.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        content = answer.read()
        status = self.after(request.command, request.path, answer.status)
        request.close_connection = status == 0
        if status:
            request.send_response(status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    request.send_header(name, value)
            request.send_header("Content-Length", answer.getheader("Content-Length") or str(len(content)))
            if status == 200 and answer.status != 200:
                request.send_header("ETag", '"made-up"')
            request.end_headers()
            request.wfile.write(content)
        upstream.close()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the server says that it has made the buckets."""
    deadline = time.monotonic() + 120
    while "are running and ready" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the S3 server does not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.05)
    socket.create_connection(("127.0.0.1", port), 60).close()
