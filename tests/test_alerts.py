"""Word of a failed run: sent where it is wanted, and no trouble of its own. (From a real run: tests/test_dags.py.)"""

from __future__ import annotations

import socket

import pytest
from newslake import alerts
from newslake.errors import RequestError


def test_nothing_is_sent_where_nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSLAKE_ALERT_URL", raising=False)
    monkeypatch.setattr(alerts, "urlopen", None)
    alerts.send("a sentence", "a link")


def test_a_chat_that_does_not_answer_is_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("NEWSLAKE_ALERT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/secret-token")
        alerts.send("a sentence", "a link")
    assert "NEWSLAKE_ALERT_URL did not take the message: " in caplog.text and "secret-token" not in caplog.text


def test_what_is_no_address_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLAKE_ALERT_URL", "file:///secret-token")
    with pytest.raises(RequestError, match="NEWSLAKE_ALERT_URL is no address") as caught:
        alerts.send("a sentence", "a link")
    assert "secret-token" not in str(caught.value)
