# Every target is a line or two; the work is done in launcher/. `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help install run test faults conformance check format openapi messages lock bench screenshots reset

# `exec`, so that no shell stands between make and the launcher when make is told to stop.
LAUNCHER := @exec .venv/bin/python -m launcher

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

install: ## Make .venv with the locked requirements (the others do it by themselves)
	@exec sh launcher/install.sh

run: install ## Start NadMor with demonstration data; PORT=9000 for another port
	$(LAUNCHER) run

test: install ## Run the tests; ARGS="-k slots -x" goes to pytest
	$(LAUNCHER) exec -- .venv/bin/pytest -n 2 $(ARGS)

faults: install ## Kill and freeze real processes and look at what is lost; ARGS go to pytest
	$(LAUNCHER) exec -- .venv/bin/pytest tests/faults $(ARGS)

conformance: install ## Run the MCP's own test suite and Inspector against our server; ARGS go to pytest
	$(LAUNCHER) conformance -- $(ARGS)

check: install ## Run the linters, the type checker and the checks of migrations, deployment, OpenAPI and Thai
	$(LAUNCHER) check

format: install ## Format the code
	$(LAUNCHER) format

openapi: install ## Write docs/openapi.yaml anew
	$(LAUNCHER) openapi

messages: install ## Collect the texts of the code in locale/ and compile their Thai
	$(LAUNCHER) messages

lock: install ## Compile requirements/*.in; ARGS=--upgrade for newer versions
	$(LAUNCHER) lock -- $(ARGS)

bench: install ## Measure speed and scale; ARGS go to the benchmarks
	$(LAUNCHER) exec -- .venv/bin/python -m benchmarks $(ARGS)

screenshots: install ## Take the pictures of the patients' guide and of the admin; needs Chromium
	$(LAUNCHER) screenshots

reset: install ## Delete the development data
	$(LAUNCHER) reset
