"""Actions tied to what is no metric are told with the nearest one; a metric's name is as good as its id."""

from __future__ import annotations

from opti_reports.messages.sentences import sentence
from opti_reports.stages.outcomes import no_metrics
from tests.packs import fixture


def told(*metrics: str) -> list[str]:
    rows = [fixture.action("ranta", f"T{n}", "2026-12-01", metric_id=one) for n, one in enumerate(metrics)]
    return [sentence(one) for one in no_metrics(fixture.material(lists={"actions": tuple(rows)}))]


def test_an_action_of_no_metric_is_named_with_the_nearest() -> None:
    (said,) = told("Yhteydensanti", "Yhteydensanti", "access_pct", "")
    assert said.endswith(
        "no metric is called 'Yhteydensanti', so 2 action(s) are tied to none, did you mean 'Yhteydensaanti'?"
    )


def test_names_and_ids_of_metrics_mean_the_same() -> None:
    configs = fixture.material().configs
    assert {configs.metric_called(text) for text in ("access_pct", "YHTEYDENSAANTI", "")} == {
        "access_pct",
        "",
    }
