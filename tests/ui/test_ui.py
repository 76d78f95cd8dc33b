"""A newcomer's way through the UI, in a real browser, with Airflow as `make ui` runs it.

Needs Chromium (Debian: apt-get install chromium). NEWSLAKE_SCREENSHOTS=<folder> keeps the pictures for the docs.
"""

import contextlib
import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.supervised import PATIENCE, PROJECT, Airflow, running, until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"]
OPTIONS += ["disable-component-update", "disable-sync"]
PICTURES = os.environ.get("NEWSLAKE_SCREENSHOTS")
MILLISECONDS = 1000 * PATIENCE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed"),
    pytest.mark.xdist_group("ui"),
]


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    folder = tmp_path_factory.mktemp("a home with blanks")
    with running(folder, str(PROJECT / "include" / "seeds")) as airflow:
        yield airflow


@pytest.fixture(scope="module")
def page(airflow: Airflow) -> Iterator[Page]:
    """The one browser page of this module, logged in."""
    with sync_playwright() as playwright:
        arguments = [f"--{option}" for option in OPTIONS]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(MILLISECONDS)
        expect.set_options(timeout=MILLISECONDS)
        page.goto(f"{airflow.url}/dags")
        page.fill("input[name=username]", "admin")
        page.fill("input[name=password]", airflow.password)
        page.click("button[type=submit]")
        page.get_by_role("link", name="ingest_nordblick").wait_for()
        yield page
        browser.close()


def test_every_profile_has_its_dag_and_none_runs_by_itself(airflow: Airflow, page: Page) -> None:
    profiles = {path.stem for path in (PROJECT / "include" / "publishers").glob("[!_]*.toml")}
    page.goto(f"{airflow.url}/dags")
    for name in profiles:
        expect(page.get_by_role("link", name=f"ingest_{name}", exact=True)).to_be_visible()
    page.goto(f"{airflow.url}/dag_runs")
    expect(page.get_by_text("No Dag Runs found")).to_be_visible()


def test_a_run_over_ten_days_by_the_form(airflow: Airflow, page: Page) -> None:
    form = _form(airflow, page, "ingest_hafenkurier")
    expect(form.get_by_label("Unpause ingest_hafenkurier on trigger")).to_be_checked()
    form.locator("[name=element_from_date]").fill("2024-03-04")
    form.locator("[name=element_to_date]").fill("2024-03-13")
    _picture(page, "trigger")
    form.get_by_test_id("trigger-dag-submit").click()
    page.wait_for_url("**/runs/manual__*")
    _succeeded(page, 4)
    _no_toasts(page)
    _picture(page, "run")
    days = [folder.name for folder in sorted((airflow.lake / "articles" / "publisher=hafenkurier").iterdir())]
    assert (days[0], days[-1]) == ("date=2024-03-04", "date=2024-03-13")


def test_half_a_range_fails_with_a_sentence(airflow: Airflow, page: Page) -> None:
    form = _form(airflow, page, "ingest_hafenkurier")
    form.locator("[name=element_from_date]").fill("2024-03-04")
    form.get_by_test_id("trigger-dag-submit").click()
    page.wait_for_url("**/runs/manual__*")
    page.locator("tbody").get_by_role("link", name="load", exact=True).click()
    expect(page.get_by_text("give both from_date and to_date").first).to_be_visible()
    until(lambda: bool(airflow.alerts))
    page.locator("a[href$='/plugin/units_of_task']").click()
    expect(page.frame_locator("iframe").get_by_text("load failed: give both from_date and to_date")).to_be_visible()
    sentence, link = airflow.alerts[0].split("\n")
    assert sentence.startswith("ingest_hafenkurier: load failed: give both from_date and to_date")
    assert re.fullmatch(re.escape(airflow.url) + r"/dags/ingest_hafenkurier/runs/[^/]+", link)


def test_a_backfill_over_five_days_by_the_form(airflow: Airflow, page: Page) -> None:
    form = _form(airflow, page, "ingest_nordblick")
    form.locator("input[value=backfill]").locator("xpath=..").click()
    for index, day in enumerate(("2024/03/04", "2024/03/08")):
        form.get_by_test_id("datetime-input").nth(index).click()
        # One calendar closes a moment after the next one opened.
        entry = page.get_by_placeholder("YYYY/MM/DD")
        expect(entry).to_have_count(1)
        entry.fill(day)
        entry.press("Enter")
        page.keyboard.press("Escape")
        expect(entry).to_have_count(0)
    expect(form.get_by_text("5 runs will be triggered.")).to_be_visible()
    form.locator("[name=max_active_runs]").fill("5")
    _picture(page, "backfill-form")
    form.get_by_role("button", name="Run Backfill").click()
    page.goto(f"{airflow.url}/dags/ingest_nordblick/runs?run_type=backfill")
    _succeeded(page, 5)
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.get_by_text("Backfill in progress")).to_have_count(0)
    _no_toasts(page)
    _picture(page, "backfill")
    days = [folder.name for folder in sorted((airflow.lake / "articles" / "publisher=nordblick").iterdir())]
    assert days == [f"date=2024-03-0{number}" for number in range(4, 9)]


def test_from_a_run_to_the_days_that_it_took(airflow: Airflow, page: Page) -> None:
    page.goto(f"{airflow.url}/dags/ingest_hafenkurier/runs")
    page.locator("tbody a[href*='/runs/manual__']").last.click()
    page.locator("a[href$='/plugin/units_of_run']").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("hafenkurier: 10 units of a run")).to_be_visible()
    _picture(page, "run-units")
    frame.get_by_role("link", name="2024-03-05").click()
    expect(frame.get_by_role("heading", name="hafenkurier 2024-03-05")).to_be_visible()


def test_the_lake_has_its_page(airflow: Airflow, page: Page) -> None:
    page.goto(f"{airflow.url}/dags")
    page.get_by_role("link", name="Lake", exact=True).click()
    frame = page.frame_locator("iframe")
    for publisher in ("hafenkurier", "nordblick"):
        expect(frame.get_by_text(publisher).first).to_be_visible()
    _picture(page, "lake")


def test_from_a_dag_to_a_day_to_an_article(airflow: Airflow, page: Page) -> None:
    page.goto(f"{airflow.url}/dags/ingest_nordblick")
    page.locator("a[href='/dags/ingest_nordblick/plugin/units']").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="2024-03-05").click()
    expect(frame.get_by_text("005_2e1cfa82b035c26c.txt")).to_be_visible()
    frame.get_by_role("link", name="Hafenarbeiter in Rotterdam").click()
    expect(frame.get_by_text("subheading").last).to_be_visible()


def test_an_address_leads_to_an_article(airflow: Airflow, page: Page) -> None:
    page.goto(f"{airflow.url}/plugin/lake/newslake/unit?publisher=nordblick&date=2024-03-05")
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Hafenarbeiter in Rotterdam").click()
    expect(frame.get_by_text("subheading").last).to_be_visible()
    page.wait_for_url("**/plugin/lake/newslake/article?*")
    page.reload()
    expect(frame.get_by_text("subheading").last).to_be_visible()
    _picture(page, "article")


def test_a_killed_scheduler_comes_back(airflow: Airflow) -> None:
    family = psutil.Process(airflow.process.pid)
    scheduler = next(child for child in family.children() if "scheduler" in child.cmdline())
    workers = scheduler.children(recursive=True)
    assert workers
    os.kill(scheduler.pid, signal.SIGKILL)
    until(lambda: "The scheduler was killed by SIGKILL" in airflow.output.read_text())
    until(lambda: not [worker for worker in workers if worker.is_running()])
    until(lambda: any("scheduler" in child.cmdline() for child in family.children()))


def test_the_end_leaves_no_process(airflow: Airflow) -> None:
    """The last one: it ends Airflow."""
    everyone = psutil.Process(airflow.process.pid).children(recursive=True)
    assert len(everyone) >= 4
    airflow.process.terminate()
    assert airflow.process.wait(PATIENCE) == 0
    until(lambda: not [process for process in everyone if process.is_running()])


def _form(airflow: Airflow, page: Page, dag_id: str) -> Locator:
    page.goto(f"{airflow.url}/dags/{dag_id}")
    page.get_by_role("button", name="Trigger").first.click()
    form = page.get_by_role("dialog").filter(has_text="Single Run")
    form.locator("[name=element_from_date]").wait_for()
    return form


def _succeeded(page: Page, count: int) -> None:
    """Wait for so many lines of a list. Where a run ends while its page loads, Airflow may not ask for the rest."""
    lines = page.locator("tbody").get_by_text("Success", exact=True)
    for _ in range(10):
        with contextlib.suppress(AssertionError):
            return expect(lines).to_have_count(count, timeout=MILLISECONDS / 10)
        page.reload()
    return expect(lines).to_have_count(count)


def _no_toasts(page: Page) -> None:
    expect(page.locator("[data-scope=toast][data-part=root]")).to_have_count(0)


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(500)  # the forms slide in
        page.screenshot(path=Path(PICTURES) / f"ui-{name}.png")
