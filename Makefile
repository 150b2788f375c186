# The two commands are `make demo` and `make test`; `make` alone lists the rest.
#
#     make demo PYTHON=python3.12     another Python than python3
#     make test ARGS="-k letter -x"   some tests only; WORKERS=4 runs more at a time
#
# The environment in .venv belongs to this file: it is made when it is missing, and brought up
# to date when the settings or the pinned versions have changed.

PYTHON ?= python3
WORKERS ?= 3
ARGS ?=
SHELL := /bin/bash

NEEDED := python3-venv libgomp1
FOR_TESTS := chromium postgresql

.PHONY: help demo test torture sabotage check bench pictures environment clean

help:
	@echo "make demo         prepare everything, decide 300 cases, serve them here and print where to look"
	@echo "make test         run every test; ruff and mypy are among them"
	@echo "make torture      the long tests: many sealers and writers, every byte of every column, power cuts, failing disks; minutes"
	@echo "make sabotage     break one line of the ledger at a time, in a copy, and see that a test notices; minutes"
	@echo "make check        ruff, mypy, the import contracts and the packs; no tests"
	@echo "make bench        measure the kernel beside LightGBM and its peers; minutes, best on a quiet machine"
	@echo "make pictures     take the pictures of the README anew, from the pages of a demo of its own"
	@echo "make environment  only .venv, with all that development needs"
	@echo "make clean        remove .venv, builds and caches; var/, where decisions are kept, stays"

demo:
	@eval "$$STEPS"; of=4; prepare "" "$(NEEDED)" ""; \
	step 4 "the demo"; \
	exec .venv/bin/explainer demo $(ARGS)

test:
	@eval "$$STEPS"; of=4; prepare "[dev]" "$(NEEDED)" "$(FOR_TESTS)"; \
	step 4 "running the tests; ruff, mypy and the import contracts are among them"; \
	exec env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

torture:
	@eval "$$STEPS"; of=4; prepare "[dev]" "$(NEEDED)" "$(FOR_TESTS)"; \
	step 4 "running the long tests"; \
	exec .venv/bin/python -m pytest -n $(WORKERS) -m torture $(ARGS)

sabotage:
	@eval "$$STEPS"; of=4; prepare "[dev]" "$(NEEDED)" "$(FOR_TESTS)"; \
	step 4 "breaking one line at a time"; \
	exec .venv/bin/python -m tests.sabotage $(ARGS)

check:
	@eval "$$STEPS"; of=4; prepare "[dev]" "$(NEEDED)" ""; \
	step 4 "reading the code: ruff, mypy, import contracts, packs"; \
	all_of "ruff check" "mypy" "lint-imports" "explainer packs check"

bench:
	@eval "$$STEPS"; of=4; prepare "[dev,bench]" "$(NEEDED)" ""; \
	step 4 "measuring; ratios go to bench.json and bench.png"; \
	exec .venv/bin/python -m tests.bench.run

pictures:
	@eval "$$STEPS"; of=4; prepare "[dev]" "$(NEEDED)" "$(FOR_TESTS)"; \
	step 4 "taking pictures"; \
	exec .venv/bin/python -m tests.pictures

environment:
	@eval "$$STEPS"; of=3; prepare "[dev]" "$(NEEDED)" "$(FOR_TESTS)"

clean:
	rm -rf .venv build dist *.egg-info test-results .coverage
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- the steps, in bash ----

define SCRIPT
set -euo pipefail

step() { echo "$1/$of  $2"; }
say() { echo "     $*"; }
stop() { echo "     $*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# prepare EXTRAS NEEDED WANTED: the first steps of every command
prepare() {
    [ -w "${HOME:-}" ] || export XDG_CACHE_HOME="$PWD/.venv/cache"
    step 1 "Debian packages"
    right_python
    system_packages "$2" "$3"
    step 2 "virtual environment"
    virtual_environment
    step 3 "Python packages"
    python_packages "$1"
}

# all_of COMMAND...: run each in the environment; fail in the end if one of them did
all_of() {
    local command failed=0
    for command; do
        .venv/bin/$command || failed=1
    done
    [ $failed = 0 ] || stop "the code has to be mended first"
}

# quietly COMMAND...: show what it said only when it fails, and only the end of that
quietly() {
    local log; log=$(mktemp)
    if "$@" >"$log" 2>&1; then rm -f "$log"; return 0; fi
    tail -n 20 "$log" >&2; rm -f "$log"
    return 1
}

# is_here PACKAGE: whether this machine has what a Debian package brings
is_here() {
    case $1 in
        python3-venv) "$PYTHON" -c "import venv" && { have uv || "$PYTHON" -c "import ensurepip"; } ;;
        libgomp1) [ "$(uname -s)" != Linux ] || "$PYTHON" -c "import ctypes; ctypes.CDLL('libgomp.so.1')" ;;
        chromium) have chromium || have chromium-browser || have google-chrome ;;
        postgresql) have initdb || ls /usr/lib/postgresql/*/bin/initdb ;;
    esac >/dev/null 2>&1
}

# right_python: stop if there is one and it is too old; a missing python3 is apt-get's to bring
right_python() {
    if ! have "$PYTHON"; then [ "$PYTHON" = python3 ] || stop "there is no $PYTHON"; return 0; fi
    "$PYTHON" -c "import sys; sys.exit(sys.version_info < (3, 11))" ||
        stop "needs Python 3.11 or newer, and $PYTHON is $("$PYTHON" -V 2>&1): choose another with PYTHON=..."
}

# missing PACKAGE...: those that are not here
missing() {
    local name
    for name; do is_here "$name" || printf ' %s' "$name"; done
}

# system_packages NEEDED WANTED: tests that need a wanted one are skipped without it
system_packages() {
    local absent; absent=$(missing $1 $2)
    if [ -z "$absent" ]; then say all there: $1 $2; return; fi
    local install="apt-get install -y --no-install-recommends$absent"
    if ! have apt-get; then
        say "missing, by their Debian names:$absent (no apt-get here: use this system's own way)"
    elif [ "$(id -u)" != 0 ]; then
        say "missing; to install them, run: sudo $install"
    else
        say "installing:$absent"
        $install >/dev/null 2>&1 || { quietly apt-get update && quietly $install; } || say "apt-get could not install them"
    fi
    absent=$(missing $1)
    [ -z "$absent" ] || stop "cannot go on without$absent for $PYTHON"
    absent=$(missing $2)
    [ -z "$absent" ] || say "tests that need one of these will be skipped, or fail in CI:$absent"
}

virtual_environment() {
    right_python
    local mark; mark="$PWD $("$PYTHON" -c "import sys; print(sys.base_prefix, *sys.version.split())")"
    if [ "$(cat .venv/mark 2>/dev/null)" = "$mark" ]; then say ".venv is there"; return; fi
    say "making .venv with $("$PYTHON" -V)"
    local base without_pip=""
    base=$("$PYTHON" -c "import sys; print(sys._base_executable)")  # python3 may be the .venv's own
    have uv && without_pip=--without-pip
    rm -rf .venv
    quietly "$base" -m venv $without_pip .venv || stop "$base -m venv failed"
    echo "$mark" >.venv/mark
}

# python_packages EXTRAS
python_packages() {
    local sum installed
    sum=$(cat setup.cfg pyproject.toml constraints.txt explainer/__init__.py explainer/{decisions,attributions}/*.py explainer/explanations/changing/searching.py | cksum)
    installed=$(cat .venv/installed 2>/dev/null || true)
    case $installed in
        "$1 $sum" | "[dev,bench] $sum") say "up to date"; return ;;
        "[dev] $sum") if [ -z "$1" ]; then say "up to date"; return; fi ;;
    esac
    say "installing the versions of constraints.txt (about a minute; with uv, seconds)"
    rm -f .venv/installed
    install pip setuptools && install --no-build-isolation -e ".$1" || stop "the Python packages could not be installed"
    say "compiling the kernels (half a minute)"
    quietly .venv/bin/explainer compile || stop "the kernels could not be compiled"
    echo "$1 $sum" >.venv/installed
}

# install REQUIREMENT...: compiled at once, for a warning met while compiling would be an error in a test
install() {
    local python=.venv/bin/python
    if have uv; then
        if quietly uv pip install --python $python --compile-bytecode -c constraints.txt "$@"; then return 0; fi
        say "uv could not install them; now with pip"
        $python -c "import pip" 2>/dev/null || quietly $python -m ensurepip || return 1
    fi
    quietly $python -m pip install -c constraints.txt "$@"
}
endef

export STEPS := $(value SCRIPT)
export PYTHON
export DEBIAN_FRONTEND := noninteractive
export PIP_DISABLE_PIP_VERSION_CHECK := 1
