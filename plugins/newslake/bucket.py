"""A prefix of a bucket in S3, or in a store that speaks its protocol: a lake or a landing zone that is no folder.

Credentials and endpoint come from the environment, as obstore reads it: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
`AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL` and their kin.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from newslake.errors import RequestError, StoreError

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import S3Store

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE = 16  # requests under way: more gain little, and a store throttles who asks for too much
TAIL_BYTES = 65_536
_KEY = "it does not accept the key: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"
# What to look at, by the error code of S3.
_REMEDIES = {
    **dict.fromkeys(("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"), _KEY),
    "AccessDenied": "the key may not do that: let it list, read and write there",
    "NoSuchBucket": "there is no such bucket: create it, or check its name and AWS_ENDPOINT_URL",
    "RequestTimeTooSkewed": "the clocks differ: set this machine's",
}
_URL = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[\w.!'()=+@,~ -]+)*)/?")


class Object(NamedTuple):
    """An object's bytes, the ETag that names this version of them, and their number."""

    data: bytes
    etag: str
    size: int


class Tail(NamedTuple):
    """The last bytes of an object, its whole size, and the ETag and time of the version that they are of."""

    data: bytes
    size: int
    etag: str
    modified: datetime


@dataclass(frozen=True)
class Bucket:
    """All objects below `s3://<bucket>/<prefix>`; `url` has no slash at its end. Keys are relative to it.

    Every method raises `StoreError` where the store refuses or cannot be reached.
    """

    url: str

    @classmethod
    def of(cls, url: str, what: str) -> Bucket:
        """Check a URL. Raises `RequestError`, which calls it `what`."""
        found = _URL.fullmatch(url)
        if not found or any(part in (".", "..") for part in found[2].split("/")):
            raise RequestError(f"{what} {url!r} is no place for it; write a folder's path or s3://bucket/prefix")
        return cls(url.rstrip("/"))

    def __str__(self) -> str:
        return self.url

    @property
    def store(self) -> S3Store:
        """The client; one a process."""
        if _used_by(os.getpid()) != os.getpid():
            raise StoreError(
                "a process that has used a bucket was forked, and its copy cannot use one; start it afresh"
            )
        return _client(self.url, allow_http=_endpoint().startswith("http://"))

    def read(self, key: str, limit: int | None = None) -> Object:
        """One version of an object, whole; without its bytes if they are more than the `limit`.

        Raises `FileNotFoundError` and `PermissionError`.
        """
        import obstore
        from obstore import exceptions

        with self._sentences():
            try:
                found = obstore.get(self.store, key)
                size = found.meta["size"]
                data = b"" if limit is not None and size > limit else bytes(found.bytes())
                return Object(data, found.meta["e_tag"] or "", size)
            except exceptions.PermissionDeniedError as error:
                raise PermissionError(_first_line(error)) from None

    def tail(self, key: str) -> Tail:
        """The end of an object, where Parquet says what is where. Raises `FileNotFoundError`."""
        import obstore

        with self._sentences():
            found = obstore.get(self.store, key, options={"range": {"suffix": TAIL_BYTES}})
            return Tail(
                bytes(found.bytes()), found.meta["size"], found.meta["e_tag"] or "", found.meta["last_modified"]
            )

    def part(self, key: str, etag: str, start: int, end: int) -> bytes | None:
        """Bytes of the version of an object that has the `etag`; None if that is no longer the one."""
        import obstore
        from obstore import exceptions

        with self._sentences():
            try:
                return bytes(obstore.get(self.store, key, options={"range": (start, end), "if_match": etag}).bytes())
            except (exceptions.PreconditionError, FileNotFoundError):
                return None

    def etag(self, key: str) -> str | None:
        """ETag of an object, None if there is none."""
        import obstore

        with self._sentences(), contextlib.suppress(FileNotFoundError):
            return obstore.head(self.store, key)["e_tag"]
        return None

    def put(self, key: str, data: bytes, etag: str | None) -> str | None:
        """Replace the version that has the `etag`, or create an object where there is none: the new ETag.

        None where that was not so, and also where no answer came: then it may have been done. Ask the store.
        """
        import obstore
        from obstore import exceptions

        with self._sentences():
            try:
                mode: Any = "create" if etag is None else {"e_tag": etag}
                return obstore.put(self.store, key, data, mode=mode)["e_tag"]
            except (exceptions.AlreadyExistsError, exceptions.PreconditionError, exceptions.GenericError):
                return None
            except FileNotFoundError as error:
                raise StoreError(f"{self} cannot be written to: {_why(error)}") from None

    def overwrite(self, key: str, data: bytes) -> None:
        """Write an object, whatever is there."""
        import obstore

        with self._sentences():
            obstore.put(self.store, key, data)

    def keys(self, below: str) -> Iterator[tuple[str, int]]:
        """(key, size in bytes) of each object below a prefix that ends where a `/` follows, in any order."""
        return ((found["path"], found["size"]) for found in self._list(below))

    def versions(self, below: str) -> Iterator[tuple[str, str]]:
        """(key, ETag) of the same objects."""
        return ((found["path"], found["e_tag"] or "") for found in self._list(below))

    def _list(self, below: str) -> Iterator[ObjectMeta]:
        import obstore

        with self._sentences():
            for part in obstore.list(self.store, below or None, chunk_size=1000):
                yield from part

    def children(self, below: str = "") -> tuple[list[str], list[str]]:
        """(names of the prefixes, names of the objects) directly below a prefix, in order."""
        import obstore

        with self._sentences():
            found = obstore.list_with_delimiter(self.store, below or None)
        objects = [path for item in found["objects"] if (path := item["path"]) != below]
        return _last_parts(found["common_prefixes"]), _last_parts(objects)

    @contextlib.contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turn obstore's errors into ours: one line, which says what to look at."""
        from obstore import exceptions

        try:
            yield
        except exceptions.InvalidPathError as error:
            raise RequestError(
                f"{self} holds an object whose name cannot be read ({_first_line(error)}); rename or delete it"
            ) from None
        except exceptions.BaseError as error:
            raise StoreError(f"{self} cannot be used: {_why(error)}") from None


def in_parallel(function: Callable[[Item], Result], items: Iterable[Item], at_once: int = AT_ONCE) -> Iterator[Result]:
    """`map` in threads; at most `at_once` items are under way, or done and not yet taken."""
    with ThreadPoolExecutor(at_once) as pool:
        waiting: deque[Future[Result]] = deque()
        for item in items:
            if len(waiting) == at_once:
                yield waiting.popleft().result()
            waiting.append(pool.submit(function, item))
        while waiting:
            yield waiting.popleft().result()


def _last_parts(paths: Iterable[str]) -> list[str]:
    return sorted(path.rpartition("/")[2] for path in paths)


_USERS: list[int] = []


def _used_by(process: int) -> int:
    """The first process that used a bucket: obstore's threads do not live on in a fork, and would be waited for."""
    if not _USERS:
        _USERS.append(process)
    return _USERS[0]


@functools.cache
def _client(url: str, allow_http: bool) -> S3Store:
    from obstore.store import S3Store

    return S3Store.from_url(
        url,
        client_options={"allow_http": allow_http, "timeout": "120s"},
        retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=60)},
    )


def _endpoint() -> str:
    """The store's address, empty for Amazon's. Raises `RequestError`: obstore panics at one that is none."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    if endpoint and not re.match(r"https?://[^/\s]", endpoint):
        raise RequestError(f"AWS_ENDPOINT_URL {endpoint!r} is no address; write it as https://host or http://host:port")
    return endpoint


def _why(error: Exception) -> str:
    """What to look at, then the store's own words: its code and message, without the XML around them."""
    text = str(error)
    code, message = (re.search(f"<{tag}>([^<]*)</{tag}>", text) for tag in ("Code", "Message"))
    remedy = _REMEDIES.get(code[1] if code else "", "check the bucket, the AWS_ variables and the network")
    if "error sending request" in text:
        remedy = f"nothing answers at {_endpoint() or 'Amazon'}: check AWS_ENDPOINT_URL and the network"
    words = ": ".join(found[1] for found in (code, message) if found)
    return f"{remedy} ({words or _first_line(error)})"


def _first_line(error: Exception) -> str:
    return " ".join(str(error).partition("\n\nDebug source")[0].split())[:400]
