# What people and machines run; `make` alone lists it.
.PHONY: help check-prerequisites assets build demo demo-clean test servers servers-stop bench fuzz truncate catalog

# Without optional assets everything works, with less: see README.
ASSETS = python3 scripts/fetch-assets.py

help:
	@echo "make demo     build, fetch optional assets, ingest the small shop, serve it, ask three questions; SERVERS=1: on real servers"
	@echo "make test     everything that must hold: format, lints, documentation, all tests"
	@echo "make servers  start PostgreSQL, Redis and a MongoDB-wire server for tests; settings in .servers/env; make servers-stop"
	@echo "make bench    reading and embedding beside other libraries, then the product under load on servers: hours (STEP=embedders, STEP=load: one step; JSON=1 for machines)"
	@echo "make catalog  write a whole generated shop: SEED (1), PRODUCTS (8500), OUT (catalog-8500)"
	@echo "make assets   fetch the PDF library, the embedding model (90 MB) and ONNX Runtime (35 MB) into the cache folder"
	@echo "make fuzz     run each fuzz target FUZZ_SECONDS (1200) seconds; needs nightly Rust and cargo-fuzz"
	@echo "make truncate read every sample cut off at 200 places"
	@echo "make build    build both programs, optimised, into target/release"

check-prerequisites:
	@sh scripts/check-prerequisites.sh

assets:
	@$(ASSETS)

build: check-prerequisites
	cargo build --release -p ingest -p serve

demo: check-prerequisites
	@$(ASSETS) || echo "demo: going on without optional assets"
	cargo build --workspace --bins $(FEATURES)
	@$(if $(SERVERS),python3 scripts/servers run -- target/debug/demo --servers,target/debug/demo)

demo-clean:
	rm -rf .demo

# Tests that need the assets or the servers (`make servers`) fail when they are absent if AUSKUNFT_REQUIRE_ASSETS=1 or
# AUSKUNFT_REQUIRE_SERVERS=1 is set, else say so in a line. Nothing is started here. All is built once, with the embedder that is
# not built in by default.
test: check-prerequisites
	cargo fmt --all --check
	cargo clippy --workspace --all-targets $(FASTEMBED) --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps $(FASTEMBED) --locked --document-private-items
	cargo test --workspace $(FASTEMBED) --locked
	cargo fmt $(LOAD) --check
	cargo clippy $(LOAD) --release --all-targets --locked -- -D warnings
	cargo test $(LOAD) --release --locked

FASTEMBED = --features ingest/fastembed,serve/fastembed

# Features of the demo's build. Where tests follow, those of the tests: else much is built twice.
FEATURES ?=

# The load driver: a workspace of its own, always optimised.
LOAD = --manifest-path tests/load/Cargo.toml

# See docs/servers.md. With Docker where an engine answers, else from Debian packages (as root).
servers:
	@python3 scripts/servers start

servers-stop:
	@python3 scripts/servers stop

FUZZ_TARGETS = pdf_layout html records numbers
FUZZ_SECONDS ?= 1200

# See docs/fuzzing.md. Seeds are made of the samples; what is found lies in fuzz/artifacts.
fuzz:
	AUSKUNFT_FUZZ_SEEDS=$(CURDIR)/fuzz/corpus cargo test -p auskunft-extract --test it seeds
	for target in $(FUZZ_TARGETS); do \
		words=$(CURDIR)/fuzz/dictionaries/$$target.dict; \
		cargo +nightly fuzz run --sanitizer none $$target -- -max_total_time=$(FUZZ_SECONDS) \
			-timeout=10 -rss_limit_mb=2048 -max_len=16384 $$(test -f $$words && echo -dict=$$words) || exit 1; \
	done

truncate:
	AUSKUNFT_TRUNCATIONS=200 cargo test -p auskunft-extract --test it samples_cut_off_anywhere

# Builds of their own, optimised; the first ones take minutes. Under load (docs/load.md) is measured where servers can be started; STEP names one step.
bench: check-prerequisites
	$(if $(ONLY_EMBEDDERS),,$(BENCH)/Cargo.toml -- $(if $(JSON),--json))
	$(if $(filter-out embedders,$(STEP)),,$(BENCH)/embedders/Cargo.toml -- $(if $(JSON),--json))
	$(if $(ONLY_EMBEDDERS),,python3 scripts/measure $(or $(STEP),all) --build $(if $(JSON),--json))

BENCH = cargo run --quiet --release --locked --manifest-path bench
ONLY_EMBEDDERS = $(filter embedders,$(STEP))

SEED ?= 1
PRODUCTS ?= 8500
OUT ?= catalog-$(PRODUCTS)

# See docs/catalog.md. The folder must be new or empty.
catalog:
	cargo run --quiet --locked -p catalog-generator -- --seed $(SEED) --products $(PRODUCTS) --out $(OUT)
