"""Word of a failed run: sent once, and no trouble of its own. (Of a real run: tests/ui.)"""

from __future__ import annotations

import socket

import pytest
from newslake import alerts, settings
from newslake.errors import RequestError

from tests.chat import chat


def test_a_chat_gets_one_line_and_a_link() -> None:
    with chat() as (address, texts):
        alerts.send(address, "ingest_nordblick: publish failed: a\nb\x1b[31m", "http://127.0.0.1/dags/x")
    assert texts == ["ingest_nordblick: publish failed: a\\nb\\x1b[31m\nhttp://127.0.0.1/dags/x"]


def test_of_many_errors_three_are_told() -> None:
    assert alerts.summary([]) == ""
    assert alerts.summary(["a", "b", "c"]) == "a | b | c"
    assert alerts.summary(["a", "b", "c", "d", "e"]) == "a | b | c | and 2 more"


def test_a_chat_that_does_not_answer_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        alerts.send(f"http://127.0.0.1:{closed.getsockname()[1]}/secret-token", "a sentence", "a link")
    assert "NEWSLAKE_ALERT_URL did not take the message: " in caplog.text and "secret-token" not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/secret-token /x",
        "http://hook:secret-token@127.0.0.1/",
        "http://[secret-token/",
        "http://127.0.0.1/ü",
    ],
)
def test_an_address_that_nobody_can_be_asked_at_is_not_repeated(caplog: pytest.LogCaptureFixture, address: str) -> None:
    alerts.send(address, "a sentence", "a link")
    assert "NEWSLAKE_ALERT_URL did not take the message: " in caplog.text and "secret-token" not in caplog.text


def test_what_is_no_address_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSLAKE_ALERT_URL", raising=False)
    assert settings.alert_url() == ""
    for address in ("https://example.org/hook", "http://127.0.0.1/hook"):
        monkeypatch.setenv("NEWSLAKE_ALERT_URL", address)
        assert settings.alert_url() == address
    monkeypatch.setenv("NEWSLAKE_ALERT_URL", "file:///secret-token")
    with pytest.raises(RequestError, match="NEWSLAKE_ALERT_URL is no address") as caught:
        settings.alert_url()
    assert "secret-token" not in str(caught.value)
