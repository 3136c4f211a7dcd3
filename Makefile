# `make` names the commands. HOST and PORT move `make run`; PYTHON chooses the interpreter.

BIN = .venv/bin
PYTEST = $(BIN)/python -m pytest -q -n logical --dist worksteal
RUNTIME = requirements.txt
EVERYTHING = $(RUNTIME) requirements-dev.txt
LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" scripts/.venv/bin/uv pip compile $(UPGRADE) --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

.PHONY: help run quick test test-all check lint chaos bench bench-quick lock licences sbom audit-deps clean
.SILENT:

help:
	echo "make run       start Overflight here: web server, worker and beat, until Ctrl-C"
	echo "make quick     what a hand runs between commits: linters, types, a selection of the tests"
	echo "make test      all tests: on SQLite, on PostgreSQL and Redis, in a browser"
	echo "make test-all  every test but the browser's again on PostgreSQL and Redis, as at night"
	echo "make check     linters, types, architecture, migrations, production settings"
	echo "make chaos     faults, kills, races, slow clients, tamperings; prints its seed"
	echo "make bench     what Overflight costs beside others, on SQLite and PostgreSQL: bench/results/"
	echo "make bench-quick  the same in small sizes: five minutes"
	echo "make lock      write requirements*.txt anew from requirements*.in"
	echo "make sbom      what is shipped and installed, with hashes and licences: sbom.json"
	echo "make audit-deps  known faults of the packages, from the package index"
	echo "make clean     remove what these made; the exercises in var/ stay"

run:
	scripts/venv $(RUNTIME)
	$(BIN)/python manage.py simulate

quick: lint
	$(PYTEST) -m quick

test:
	scripts/venv $(EVERYTHING)
	echo "On SQLite"
	$(PYTEST) -m "not services and not browser and not night"
	echo "On PostgreSQL and Redis"
	$(BIN)/python -m tests.services $(PYTEST) -m "not browser and not once"
	echo "In a browser"
	scripts/chromium
	$(PYTEST) -m browser -rs

test-all:
	scripts/venv $(EVERYTHING)
	$(BIN)/python -m tests.services $(PYTEST) -m "not browser"

lint:
	scripts/venv $(EVERYTHING)
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo

check: lint
	$(BIN)/djlint --check --lint templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	ALLOWED_HOSTS=overflight.example \
	$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py lifecycle --check
	$(BIN)/python manage.py rules --check
	$(BIN)/python manage.py glossary --check
	$(BIN)/python manage.py defects --check

chaos:
	scripts/venv $(EVERYTHING)
	$(BIN)/python -m tests.chaos

bench:
	scripts/venv $(EVERYTHING)
	VENV=bench/.venv scripts/venv bench/requirements.txt
	$(BIN)/python -m bench

bench-quick:
	scripts/venv $(EVERYTHING)
	VENV=bench/.venv scripts/venv bench/requirements.txt
	$(BIN)/python -m bench --quick

# What is locked stays as it is, unless UPGRADE=--upgrade or UPGRADE="--upgrade-package NAME".
lock:
	VENV=scripts/.venv scripts/venv scripts/requirements.txt
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -c requirements.txt -o requirements-dev.txt
	$(LOCK) bench/requirements.in -o bench/requirements.txt
	$(LOCK) scripts/requirements.in -o scripts/requirements.txt
	$(MAKE) --no-print-directory licences

licences:
	scripts/venv $(RUNTIME)
	$(BIN)/python scripts/inventory.py licences

sbom:
	scripts/venv $(RUNTIME)
	$(BIN)/python scripts/inventory.py sbom > sbom.json
	echo "sbom.json: CycloneDX"

# Asks the package index, which a closed network has not.
audit-deps:
	VENV=scripts/.venv scripts/venv scripts/requirements.txt
	scripts/.venv/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.txt || \
	{ echo "See above: faults, or no network to ask. Then carry sbom.json to a machine that has one."; exit 1; }

clean:
	rm -rf .venv bench/.venv scripts/.venv sbom.json .*_cache .hypothesis var/broker var/static
	find . -name __pycache__ -prune -exec rm -rf {} +
