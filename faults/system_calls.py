"""The system calls of another process, one by one: watched, named, made to fail, cut short, or its last.

A process runs a function under ptrace(2). It is held before and after each call that changes something below the
watched folders, and a plan says what becomes of it. So a fault is met by the very code that runs in production,
Python's and Arrow's alike, without a hook in it. Linux on x86-64 only; no compiler, no rights beyond one's own.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from errno import errorcode
from pathlib import Path
from typing import NamedTuple

_DETACH, _SYSCALL, _TRACEME, _SETOPTIONS, _EVENT_MESSAGE, _CALL_INFO = 17, 24, 0, 0x4200, 0x4201, 0x420E
_POKEUSER = 6
_OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x100000  # mark stops at calls; follow fork, vfork and clone; die with us
_ENTRY, _EXIT = 1, 2
_NUMBER, _RESULT, _THIRD = 120, 80, 96  # where the call's number, result and third argument lie in struct user
_WALL = 0x40000000
_AT_FDCWD = -100

# name, and which arguments are (folder, path) pairs, -1 for no folder; or the descriptor.
_PATHS = {
    82: ("rename", ((-1, 0), (-1, 1))), 264: ("rename", ((0, 1), (2, 3))), 316: ("rename", ((0, 1), (2, 3))),
    86: ("link", ((-1, 0), (-1, 1))), 265: ("link", ((0, 1), (2, 3))),
    83: ("mkdir", ((-1, 0),)), 258: ("mkdir", ((0, 1),)), 84: ("rmdir", ((-1, 0),)),
    87: ("unlink", ((-1, 0),)), 263: ("unlink", ((0, 1),)), 76: ("truncate", ((-1, 0),)),
    2: ("open", ((-1, 0),)), 257: ("open", ((0, 1),)), 85: ("open", ((-1, 0),)),
}  # fmt: skip
_DESCRIPTORS = {
    1: "write", 18: "pwrite", 20: "writev", 74: "fsync", 75: "fsync", 77: "truncate", 73: "flock", 285: "allocate",
}  # fmt: skip
_AT_REMOVEDIR = 0x200
_READ = 0
WRITES = ("write", "pwrite", "writev")

is_supported = sys.platform == "linux" and platform.machine() == "x86_64"


class Call(NamedTuple):
    """One call that changes something below the watched folders."""

    number: int  # 1, 2, … in the order in which the process makes them
    name: str
    paths: tuple[str, ...]  # below the watched folder, with its name in front
    data: bytes  # that it writes; empty unless asked for
    offset: int  # in the file where it writes; -1 for the file's current place

    def __str__(self) -> str:
        return f"{self.number} {self.name} {' → '.join(self.paths)}"


class Fault(NamedTuple):
    """What becomes of a call. At most one of them is meant."""

    kills_before: bool = False
    kills_after: bool = False
    error: int = 0  # errno that it fails with, without being done
    shortened_to: int = -1  # bytes that a write gets done
    pauses: Callable[[int], None] | None = None  # called with the pid while the process is held before the call


Plan = Callable[[Call], Fault | None]


@dataclass
class Ended:
    """How a traced process ended: its exit code (-9 if killed), what it reported, and the calls it made."""

    code: int
    reports: list[str]
    calls: list[Call] = field(default_factory=list)
    struck: list[Call] = field(default_factory=list)  # the calls that a fault met
    failed: set[int] = field(default_factory=set)  # numbers of the calls that the system refused

    @property
    def done(self) -> list[Call]:
        """The calls that changed something."""
        return [call for call in self.calls if call.number not in self.failed]


def run(
    function: Callable[[Callable[[str], None]], None],
    watched: Iterable[Path],
    plan: Plan,
    keeps_data: bool = False,
    watches_reads: bool = False,
) -> Ended:
    """Run `function(report)` in a forked, traced child. What it reports, line by line, is kept even if it is killed.

    With `watches_reads` the calls that read a file are among the calls.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _be_traced(function, writing)
    os.close(writing)
    tracer = _Tracer(child, [str(folder) for folder in watched], plan, keeps_data, watches_reads)
    try:
        code = tracer.follow()
    finally:
        with open(reading, encoding="utf-8") as lines:
            reports = lines.read().splitlines()
    return Ended(code, reports, tracer.calls, tracer.struck, tracer.failed)


def _be_traced(function: Callable[[Callable[[str], None]], None], writing: int) -> None:
    code = 1
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _ptrace(_TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        function(lambda line: (os.write(writing, f"{line}\n".encode()), None)[1])
        code = 0
    except BaseException as error:
        os.write(writing, f"{type(error).__name__}: {error}".replace("\n", " ").encode() + b"\n")
        if os.environ.get("FAULTS_TRACEBACKS"):
            traceback.print_exc()
    finally:
        os._exit(code)


class _Tracer:
    """Follows one process and all that it starts to their end."""

    def __init__(self, child: int, watched: list[str], plan: Plan, keeps_data: bool, watches_reads: bool) -> None:
        self._child, self._watched, self._plan = child, watched, plan
        self._keeps_data, self._watches_reads = keeps_data, watches_reads
        self._entered: dict[int, tuple[Call, Fault | None]] = {}  # by thread, from a call's entry to its exit
        self.calls: list[Call] = []
        self.struck: list[Call] = []
        self.failed: set[int] = set()

    def follow(self) -> int:
        """Let it run to its end; its exit code."""
        os.waitpid(self._child, _WALL)
        _ptrace(_SETOPTIONS, self._child, _OPTIONS)
        _ptrace(_SYSCALL, self._child)
        while True:
            thread, status = os.waitpid(-self._child, _WALL)
            if os.WIFSTOPPED(status):
                self._stopped(thread, status)
            elif thread == self._child:
                return os.waitstatus_to_exitcode(status)

    def _stopped(self, thread: int, status: int) -> None:
        number = os.WSTOPSIG(status)
        deliver = 0
        if number == signal.SIGTRAP | 0x80:
            with contextlib.suppress(ProcessLookupError):  # another of its threads has ended the process meanwhile
                self._at_call(thread)
        elif number not in (signal.SIGTRAP, signal.SIGSTOP):
            deliver = number
        _ptrace(_SYSCALL, thread, deliver, is_gone_fine=True)

    def _at_call(self, thread: int) -> None:
        info = _CallInfo(thread)
        if info.operation == _ENTRY and (call := self._named(thread, info)):
            self.calls.append(call)
            fault = self._plan(call)
            self._entered[thread] = call, fault
            if fault:
                self._strike(thread, call, fault)
        elif info.operation == _EXIT and thread in self._entered:
            call, fault = self._entered.pop(thread)
            if info.is_error:
                self.failed.add(call.number)
            if fault and fault.error:
                _ptrace(_POKEUSER, thread, -fault.error, _RESULT)
            if fault and fault.kills_after:
                os.kill(self._child, signal.SIGKILL)

    def _strike(self, thread: int, call: Call, fault: Fault) -> None:
        self.struck.append(call)
        if fault.pauses:
            fault.pauses(self._child)
        if fault.kills_before:
            os.kill(self._child, signal.SIGKILL)
        if fault.error:
            _ptrace(_POKEUSER, thread, -1, _NUMBER)
        if fault.shortened_to >= 0:
            _ptrace(_POKEUSER, thread, fault.shortened_to, _THIRD)

    def _named(self, thread: int, info: _CallInfo) -> Call | None:
        """The call, if it changes something below the watched folders."""
        data, offset = b"", -1
        if info.number == _READ and self._watches_reads:
            name, paths = "read", [_descriptor_path(thread, info.arguments[0])]
        elif info.number in _DESCRIPTORS:
            name = _DESCRIPTORS[info.number]
            paths = [_descriptor_path(thread, info.arguments[0])]
        elif info.number in _PATHS:
            name, places = _PATHS[info.number]
            if name == "open" and not (self._watches_reads or _opens_for_change(info)):
                return None
            if name == "open" and _truncates(info):
                name = "create"
            if info.number == 263 and info.arguments[2] & _AT_REMOVEDIR:
                name = "rmdir"
            paths = [_path(thread, info.arguments, *place) for place in places]
        else:
            return None
        shown = [self._below(path) for path in paths]
        if not any(shown):
            return None
        if self._keeps_data and name in WRITES:
            data, offset = _data(thread, info)
        return Call(len(self.calls) + 1, name, tuple(path or "elsewhere" for path in shown), data, offset)

    def _below(self, path: str) -> str:
        for folder in self._watched:
            if path == folder or path.startswith(folder + "/"):
                return os.path.basename(folder) + path[len(folder) :]
        return ""


class _CallInfo:
    """struct ptrace_syscall_info: `operation` (entry or exit), and at an entry `number` and six `arguments`."""

    def __init__(self, thread: int) -> None:
        buffer = ctypes.create_string_buffer(88)
        _ptrace(_CALL_INFO, thread, ctypes.addressof(buffer), 88)
        self.operation = buffer.raw[0]
        self.number, *self.arguments = struct.unpack_from("7Q", buffer.raw, 24)
        self.is_error = self.operation == _EXIT and buffer.raw[32] != 0


def _opens_for_change(info: _CallInfo) -> bool:
    return _truncates(info) or bool(_flags(info) & os.O_CREAT)


def _truncates(info: _CallInfo) -> bool:
    return info.number == 85 or bool(_flags(info) & os.O_TRUNC)


def _flags(info: _CallInfo) -> int:
    return int(info.arguments[1 if info.number == 2 else 2])


def _path(thread: int, arguments: list[int], folder: int, path: int) -> str:
    name = os.fsdecode(_string(thread, arguments[path]))
    if name.startswith("/"):
        return os.path.normpath(name)
    base = ctypes.c_int(arguments[folder]).value if folder >= 0 else _AT_FDCWD
    start = _link(f"/proc/{thread}/cwd") if base == _AT_FDCWD else _descriptor_path(thread, base)
    return os.path.normpath(os.path.join(start, name))


def _descriptor_path(thread: int, descriptor: int) -> str:
    return _link(f"/proc/{thread}/fd/{ctypes.c_int(descriptor).value}")


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""


def _string(thread: int, address: int) -> bytes:
    return _memory(thread, address, 4096).split(b"\0", 1)[0]


def _memory(thread: int, address: int, size: int) -> bytes:
    """Bytes of another process; fewer where its memory ends."""
    descriptor = os.open(f"/proc/{thread}/mem", os.O_RDONLY)
    try:
        first = min(size, 4096 - address % 4096)
        data = os.pread(descriptor, first, address)
        return data + (os.pread(descriptor, size - first, address + first) if size > first else b"")
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _data(thread: int, info: _CallInfo) -> tuple[bytes, int]:
    """(bytes that a write is given, offset in the file)."""
    descriptor, address, size, offset, *_ = info.arguments
    if info.number == 20:
        pairs = struct.iter_unpack("2Q", _memory(thread, address, 16 * size))
        return b"".join(_memory(thread, base, length) for base, length in pairs), _position(thread, descriptor)
    return _memory(thread, address, size), offset if info.number == 18 else _position(thread, descriptor)


def _position(thread: int, descriptor: int) -> int:
    text = Path(f"/proc/{thread}/fdinfo/{descriptor}").read_text()
    fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    appends = int(fields["flags"], 8) & os.O_APPEND
    return os.stat(f"/proc/{thread}/fd/{descriptor}").st_size if appends else int(fields["pos"])


def _ptrace(request: int, thread: int, data: int = 0, address: int = 0, is_gone_fine: bool = False) -> None:
    done = _libc().ptrace(request, thread, ctypes.c_void_p(address), ctypes.c_void_p(data & (2**64 - 1)))
    if done == -1:
        number = ctypes.get_errno()
        if not (is_gone_fine and number == 3):  # ESRCH: it was killed meanwhile
            raise OSError(number, f"ptrace: {errorcode.get(number, number)}")


_loaded: ctypes.CDLL | None = None


def _libc() -> ctypes.CDLL:
    global _loaded  # noqa: PLW0603
    if _loaded is None:
        _loaded = ctypes.CDLL(None, use_errno=True)
        _loaded.ptrace.restype = ctypes.c_long
        _loaded.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    return _loaded
