"""Word to a chat or a pager that a run has failed, where `NEWSLAKE_ALERT_URL` says that somebody wants to hear it."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from http.client import HTTPException
from urllib.request import Request, urlopen

from newslake.printing import one_line

log = logging.getLogger(__name__)

PATIENCE = 10  # seconds


def summary(errors: Sequence[str]) -> str:
    """The first three, and how many more there are: on a full disk each shard of a run has one."""
    return " | ".join([*errors[:3], *([f"and {len(errors) - 3} more"] if errors[3:] else [])])


def send(address: str, sentence: str, link: str) -> None:
    """POST `{"text": …}`, as Slack, Mattermost and their kin take it: the sentence, and below it a link.

    Where that fails the log says so, without the address, which may be a secret.
    """
    body = json.dumps({"text": f"{one_line(sentence)}\n{link}"}).encode()
    try:
        request = Request(address, body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=PATIENCE):
            log.info("told NEWSLAKE_ALERT_URL")
    except OSError as error:
        log.warning("NEWSLAKE_ALERT_URL did not take the message: %s", error)
    except (HTTPException, ValueError) as error:  # its words may repeat the address
        log.warning("NEWSLAKE_ALERT_URL did not take the message: %s", type(error).__name__)
