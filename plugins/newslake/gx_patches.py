"""What is changed in Great Expectations while we use it: what it imports, and what it builds dozens of times.

It changes no result (a test holds the results with and without against each other), only the seconds that they take:
docs/benchmarks.md says how many. All that touches the library's insides is here: with another version of it, look here.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

# What Great Expectations imports for kinds of expectations and of data sources that we have none of: half of the time
# of its import. The first ones are imported after all when somebody needs them; without the others it can do.
_LATER = ("scipy.stats", "altair")
_NEVER = ("sqlalchemy",)
_GRAPHS = "_generate_metric_dependency_subgraphs_for_each_expectation_configuration"


def load() -> None:
    """Import Great Expectations without what we never use of it."""
    if "great_expectations" in sys.modules:
        return
    held_back: dict[str, Any] = {name: _Later(name) for name in _LATER} | dict.fromkeys(_NEVER)  # None: not installed
    for name in held_back.keys() & sys.modules.keys():
        del held_back[name]
    sys.modules.update(held_back)
    try:
        with quiet():
            import_module("great_expectations")
    finally:
        for name in held_back:
            del sys.modules[name]


class _Later(types.ModuleType):
    """Stands in for a module until somebody asks it for something."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system's own questions
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Great Expectations logs 216 lines on import and warns of its own dependencies; neither is for our users."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@dataclass
class Memory:
    """What has been built for a suite of so many `expectations`; the graphs stay from one validation to the next."""

    expectations: int
    objects: dict[int, tuple[Any, Any]] = field(default_factory=dict)  # id → the object itself, what was made of it
    ids: dict[str, Any] = field(default_factory=dict)
    graphs: dict[str, Any] = field(default_factory=dict)

    def made_of(self, make: Callable[[Any], Any], key: Any) -> Any:
        """What `make` makes of an object. The object is kept too, so that its id is not given to another."""
        if id(key) not in self.objects:
            self.objects[id(key)] = (key, make(key))
        return self.objects[id(key)][1]


@contextlib.contextmanager
def remembered(memory: Memory) -> Iterator[None]:
    """Build once what Great Expectations builds dozens of times a validation, which is most of what a validation of few
    rows costs: each expectation's configuration, the expectation of each configuration, the ids of metrics. And once a
    process the graph of all metrics, which follows from the suite alone: from one validation to the next only its
    values change."""
    from great_expectations.core.id_dict import IDDict
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.validator.validator import Validator

    configuration: Any = Expectation.configuration
    expectation = ExpectationConfiguration.to_domain_obj
    with contextlib.ExitStack() as stack:
        for owner, name, value in (
            (Expectation, "configuration", property(functools.partial(memory.made_of, configuration.fget))),
            (ExpectationConfiguration, "to_domain_obj", lambda self: memory.made_of(expectation, self)),
            (IDDict, "to_id", _remembering_ids(memory, IDDict.to_id)),
            (Validator, _GRAPHS, _remembering_graphs(memory, getattr(Validator, _GRAPHS))),
        ):
            stack.enter_context(_replaced(owner, name, value))
        yield


@contextlib.contextmanager
def _replaced(owner: type, name: str, value: Any) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _remembering_ids(memory: Memory, to_id: Any) -> Any:
    """`IDDict.to_id`, which hashes the whole dictionary, once for each content."""

    def remembered_id(self: Any, *keys: Any, **more: Any) -> Any:
        if keys or more:
            return to_id(self, *keys, **more)
        content = repr(self)
        if content not in memory.ids:
            memory.ids[content] = to_id(self)
        return memory.ids[content]

    return remembered_id


def _remembering_graphs(memory: Memory, graphs: Any) -> Any:
    """The graphs of the metrics of all rules, once; those of the few rules that rows failed anew each time."""

    def remembered_graphs(self: Any, expectation_configurations: list[Any], **named: Any) -> Any:
        if len(expectation_configurations) < memory.expectations:
            return graphs(self, expectation_configurations, **named)
        key = f"{self.active_batch_id} {named['runtime_configuration']}"
        if key not in memory.graphs:
            memory.graphs[key] = graphs(self, expectation_configurations, **named)
        found, failed, processed = memory.graphs[key]
        return found, list(failed), list(processed)

    return remembered_graphs
