"""The two admin sites, and what every page stands on: access by verbs, history, local clocks, dates."""
