"""What is found in the figures of weeks: statuses, signals of half a year of weeks, and what deviates."""

from __future__ import annotations

from collections.abc import Sequence

from opti_reports.config.configs import Configs
from opti_reports.findings.deviations import Findings
from opti_reports.findings.signals import Series
from opti_reports.findings.status import Targets
from opti_reports.model.conclusions import Conclusions
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Values
from opti_reports.periods.period import Period


def conclude_weeks(configs: Configs, values: Values, tree: Tree, weeks: Sequence[Period]) -> Conclusions:
    """Return the findings of the newest of the weeks, the newest first; nothing is escalated by weeks."""
    rules, metrics = configs.findings, {value.metric: configs.metrics[value.metric] for value in values}
    targets = Targets(configs.metrics, configs.targets.target, rules.watch, tree)
    signals = Series(
        values=values,
        metrics=metrics,
        targets=targets,
        tree=tree,
        newest={},
        rebases=rules.rebase,
        history=len(weeks),
        charts=rules.charts,
        weeks=tuple(reversed(weeks)),
    ).signals()
    findings = Findings(
        values=values,
        metrics=metrics,
        targets=targets,
        tree=tree,
        newest={},
        law_share=rules.law_share,
        signals=signals,
        escalation=(),
        actions={},
        ranking=rules.ranking,
        weeks=weeks,
    )
    return Conclusions(
        statuses=findings.statuses(),
        signals=signals,
        deviations=findings.deviations(),
        effects={},
        restatements=(),
        funnels={},
        standings={},
        silences=(),
        peers={},
    )
