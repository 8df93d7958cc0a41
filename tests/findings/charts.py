"""Charts and effects by the default thresholds of ``configs/findings.toml``, which are the shipped ones."""

from __future__ import annotations

from functools import partial

from opti_reports.config.settings import Findings
from opti_reports.findings import effects, rare, spc

RULES = Findings()
chart = partial(spc.chart, fewest=RULES.charts.fewest)
proposed_rebase = partial(spc.proposed_rebase, lasting=RULES.charts.lasting)
is_rare = partial(rare.is_rare, below=RULES.charts.rare_below)
is_rare_share = partial(rare.is_rare_share, below=RULES.charts.rare_below)
effect = partial(effects.effect, needed=RULES.effect.months, fewest=RULES.charts.fewest)
