"""From a week's exports to facts, and whether they are whole: beside them the exports that others replace."""

from __future__ import annotations

from collections.abc import Callable

from opti_reports.config.configs import Configs
from opti_reports.extracts.weekly import Exports
from opti_reports.parallel import Jobs
from opti_reports.stages import facts
from opti_reports.stages.counted import Facts
from opti_reports.stages.week_guard import guard
from opti_reports.workspace import Workspace


def count(
    workspace: Workspace,
    configs: Configs,
    exports: Exports,
    week: int,
    *,
    jobs: Jobs,
    done: Callable[[int, int], None],
) -> tuple[Facts, Exports]:
    """Return the facts of a week's deliveries, and the exports with what has come of the week itself.

    Raises ExtractError with every file that cannot be read, and every export that is not whole.
    """
    counted = facts.count(workspace, configs, exports.deliveries, jobs, done, months=False)
    before = facts.count(workspace, configs, exports.replaced, jobs, done, months=False)
    return counted, guard(configs, counted, before, exports, week)
