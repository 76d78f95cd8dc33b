"""Every error that Newslake raises, in one tree.

NewslakeError
├── FatalError               no retry can cure it: fail at once
│   ├── RequestError         an argument, a parameter or a setting that makes no sense
│   ├── ProfileError         a publisher's file is wrong: file, line and remedy
│   ├── UnbalancedError      the sums of a unit do not add up: nothing is published
│   ├── UnitsRefusedError    units that failed a critical rule: what was published before stays
│   ├── LakeError            the lake is not as a commit left it, or nothing can be committed safely to where it lies
│   └── WorkVanishedError    a stage's intermediate files are gone: run again from `load`
├── Rejected                 one raw file cannot be taken: it becomes a row of the quarantine, the run goes on
└── RetriableError           may be gone at the next try
    ├── UnitLockedError      another run is committing the same unit
    └── StoreError           the object store refuses, or does not answer
"""

from __future__ import annotations


class NewslakeError(Exception):
    """Base of all errors that Newslake raises on purpose; its text is one sentence for people."""


class FatalError(NewslakeError):
    """No retry can cure it."""


class RequestError(FatalError):
    """An argument, a parameter or a setting that makes no sense."""


class ProfileError(FatalError):
    """A publisher's file is wrong."""


class UnbalancedError(FatalError):
    """The sums of a unit do not add up."""


class UnitsRefusedError(FatalError):
    """At least one unit failed a critical rule and was not published."""


class LakeError(FatalError):
    """The lake is not as a commit left it, or nothing can be committed safely to where it lies."""


class RetriableError(NewslakeError):
    """May be gone at the next try."""


class UnitLockedError(RetriableError):
    """Another run is committing the same unit."""


class StoreError(RetriableError):
    """The object store refuses, or does not answer."""


class WorkVanishedError(FatalError):
    """A stage's intermediate files are gone."""


class Rejected(NewslakeError):
    """One raw file cannot be taken; `code` is one of `newslake.reasons.QUARANTINED`, `detail` a sentence for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"

    def reason(self) -> dict[str, str]:
        """What the quarantine says of the file."""
        return {"code": self.code, "severity": "critical", "detail": self.detail}
