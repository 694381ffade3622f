"""The alert rules and the dashboard speak of metrics that there are."""

import json
import re

import yaml

from tests.docs.guides import ROOT

ALERTS = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())
DASHBOARD = json.loads((ROOT / "deploy/grafana/nadmor.json").read_text())
CODE = "".join(path.read_text() for path in (ROOT / "observing").glob("*.py"))
GUIDE = (ROOT / "docs/operations.md").read_text()

RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]
]


def metrics_in(text: str) -> set[str]:
    """Names of metrics, without what Prometheus' formats append."""
    return {re.sub(r"_(total|bucket)$", "", name) for name in re.findall(r"\bnadmor_[a-z_]+", text)}


def in_code() -> set[str]:
    return {name for name in metrics_in(CODE) if f'"{name}"' in CODE}


def test_every_expression_names_metrics_that_there_are():
    for expression in EXPRESSIONS:
        assert metrics_in(expression)
        assert metrics_in(expression) <= in_code(), expression


def test_the_guide_lists_every_metric():
    table = GUIDE.partition("## Metrics")[2].partition("\n## ")[0]

    assert metrics_in(table) == in_code()


def test_every_alert_says_how_bad_it_is_and_what_it_means():
    for rule in RULES:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"]
