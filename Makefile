# Every target works on a fresh checkout and is safe to repeat: what is already done is
# skipped. All that the targets make is in .venv/, .odoo/ and dist/.
PYTHON ?= python3
INTERFACE ?= 127.0.0.1
export SKUS INTERFACE ADDONS SUITE BRANCHES

VENV_PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup demo stop test lint bench wheels pot kpis shell clean

help: ## list the targets
	@echo "usage: make TARGET [NAME=value ...]"
	@echo
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10
	@echo
	@echo "PYTHON=python3.12 names the Python that .venv is made with (3.10 to 3.13)."

setup: ## fetch Odoo 19 and every package into .venv/ and .odoo/
	@$(PYTHON) setup/bootstrap.py

demo: setup ## build the reference case and serve it (SKUS=18000, INTERFACE=0.0.0.0)
	@$(VENV_PYTHON) setup/demo.py

stop: ## stop the demo server and the embedded PostgreSQL
	@test ! -x $(VENV_PYTHON) || $(VENV_PYTHON) setup/demo.py stop

test: setup ## run all tests (ADDONS=a,b or SUITE=structure, addons, … for some)
	@$(VENV_PYTHON) setup/run_tests.py

lint: setup ## run every linter over all files
	@$(VENV_PYTHON) setup/lint.py

bench: setup ## measure against stock Odoo on the same data (SKUS=, BRANCHES=)
	@$(VENV_PYTHON) tests/benchmarks/run.py

wheels: setup ## build a wheel of each addon into dist/
	@$(VENV_PYTHON) setup/wheels.py

pot: setup ## write the translation template of each addon (ADDONS=a,b)
	@$(VENV_PYTHON) setup/export_pot.py

kpis: setup ## write docs/kpis.md from the dictionary of KPIs
	@$(VENV_PYTHON) setup/export_kpis.py

shell: setup ## open a Python shell on the demo database
	@$(VENV_PYTHON) setup/shell.py

clean: stop ## delete everything the targets made, the databases too
	rm -rf .venv .odoo dist
