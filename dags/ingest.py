"""### Ingest one publisher's raw articles

`load` lists the files of the landing days and cuts them into shards · `split` reads, decodes and splits each shard ·
`validate` holds all rows and days against the rules · `publish` commits each day to the lake, all of it or nothing.

A **scheduled** run and each run of a **backfill** take the day on which their data interval begins; the run's name
says when the interval ended, the label of `split` says the day. A run that is **triggered by hand** does too, unless
it is given a first and a last day: then it takes all days from the one to the other, years of them if you like. However
often a day is ingested, the same raw files give the same bytes.

**Late files**: a scheduled run also takes each earlier day, back to the first one in the lake, to which files have come
since it was ingested, or that was never ingested.

**Replay**: with this switch a run takes, of its days, only those that have rows in the quarantine, and makes them anew,
from the raw files or, where those are gone, from the lake.

A file that cannot be taken goes to the quarantine, with its reason; the run goes on. A day on which too much goes
wrong is not published: its run fails, says which rule and how far off, and what was published of it before stays.
The tab **Lake** beside a run says what it came to, and leads to its days.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import (
    DAG,
    Asset,
    Context,
    CronDataIntervalTimetable,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    get_current_context,
    get_parsing_context,
    task,
)
from newslake import requests
from newslake.errors import ProfileError
from newslake.publishers import Profile, default_profile, described, profile

# The tasks import what they run: this file is read every few seconds, and can do without the splitter's patterns.
#
# A stage's result is one XCom. Airflow would store each entry of a dict as another one: eighteen requests a run.
stage = functools.partial(task, multiple_outputs=False)

RETRIES = ExceptionRetryPolicy(
    rules=[RetryRule("newslake.errors.FatalError", RetryAction.FAIL, reason="no retry can cure this")]
)


def _day_param(title: str, description: str) -> Param:
    return Param(None, type=["null", "string"], format="date", title=title, description=description)


def keep_error(context: Context) -> None:
    """Keep what a task ended with for the alert, which comes from another process."""
    task = context["task_instance"]
    task.xcom_push("error", f"{task.task_id} failed: {context.get('exception')}")


def alert(context: Context) -> None:
    """Tell `NEWSLAKE_ALERT_URL` that a run has failed. (A task is not asked: one that was killed would say nothing.)"""
    from newslake import alerts, settings

    address = settings.alert_url()
    if not address:
        return
    task = context["task_instance"]
    errors = [error for error in task.xcom_pull(task_ids=list(context["dag"].task_ids), key="error") if error]
    silent = f"{task.task_id} failed: its process was killed (for want of memory?), or somebody marked it"
    why = alerts.summary(errors) or silent
    alerts.send(address, f"{task.dag_id}: {why}", task.log_url.partition("/tasks/")[0])


def ingest(publisher: str) -> DAG:
    """The DAG of one publisher. Where its profile is broken its runs fail and say so; the other publishers' go on."""
    settings, problem = _settings(publisher)
    articles = Asset(f"articles_{publisher}", uri=f"newslake://lake/articles/{publisher}", group="newslake")

    with DAG(
        f"ingest_{publisher}",
        description=problem or f"{settings.title}: raw articles into the lake",
        schedule=CronDataIntervalTimetable(settings.schedule, timezone="UTC"),
        start_date=datetime.combine(settings.start_date, datetime.min.time(), UTC),
        catchup=False,
        max_active_runs=8,
        default_args={
            "retries": 2,
            "retry_delay": timedelta(seconds=20),
            "retry_policy": RETRIES,
            "on_failure_callback": keep_error,
        },
        on_failure_callback=alert,
        params={
            "from_date": _day_param(
                "First landing day", "Leave both empty for the day of the run's own data interval."
            ),
            "to_date": _day_param("Last landing day", "Inclusive. One run may take years."),
            "replay": Param(
                False,
                type="boolean",
                title="Replay",
                description="Run only days with quarantined rows, after a profile or a rule was mended.",
            ),
        },
        doc_md=problem or __doc__,
        tags=["newslake", "broken profile" if problem else "ingest"],
    ) as dag:

        @stage()
        def load() -> list[dict[str, Any]]:
            from newslake import pipeline

            context = get_current_context()
            days = requests.days(context["params"], context.get("data_interval_start"))
            run, takes_late = requests.run(dag.dag_id, context["run_id"]), context["dag_run"].run_type == "scheduled"
            replays = requests.replays(context["params"])
            return pipeline.load(run, (publisher,), *days, takes_late=takes_late, replays=replays)

        @stage(map_index_template="{{ label }}")
        def split(shard: dict[str, Any]) -> dict[str, int]:
            from newslake import pipeline

            context = get_current_context()
            days = " … ".join(dict.fromkeys((shard["days"][0], shard["days"][-1])))
            context["label"] = f"{days}: {shard['files']} files, {shard['bytes'] / 1000:,.0f} kB"
            return pipeline.split(requests.run(dag.dag_id, context["run_id"]), shard["shard"])

        @stage()
        def validate() -> dict[str, object]:
            from newslake import pipeline

            context = get_current_context()
            run_id = context["run_id"]
            moment = context["dag_run"].run_after
            return pipeline.validate(requests.run(dag.dag_id, run_id), f"{dag.dag_id} {run_id}", moment)

        @stage(outlets=[articles])
        def publish() -> dict[str, int]:
            from newslake import pipeline

            context = get_current_context()
            sums = pipeline.publish(requests.run(dag.dag_id, context["run_id"]))
            context["outlet_events"][articles].extra = sums
            return sums

        split.expand(shard=load()) >> validate() >> publish()
    return dag


def _settings(publisher: str) -> tuple[Profile, str]:
    """(whose schedule to take, what is wrong with the publisher's own profile)."""
    try:
        return profile(publisher), ""
    except ProfileError as error:
        return default_profile(), str(error)


_wanted = get_parsing_context().dag_id  # the one that a task belongs to; None where all are wanted
for _publisher in described():
    if _wanted in (None, f"ingest_{_publisher}"):
        globals()[f"ingest_{_publisher}"] = ingest(_publisher)
