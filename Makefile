SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help quickstart dependencies build test fuzz format lint benchmark gate-experiment gallery clean

ttft := .build/release/ttft
out := Reports/out
swift_files := Package.swift Sources Tests

# Lists the goals.
help:
	@awk '/^# /{text=substr($$0, 3)} /^[a-z-]+:/{sub(/:.*/, ""); printf "make %-15s %s\n", $$0, text}' $(MAKEFILE_LIST)

# Builds ttft and shows it at work: needs no key and no network, and leaves a database and reports in Reports/out.
quickstart: dependencies build
	@mkdir -p $(out)
	$(ttft) run Scenarios/quickstart.yaml --allow-client-limited --db $(out)/quickstart.sqlite
	$(ttft) report latest --db $(out)/quickstart.sqlite --format markdown > $(out)/quickstart.md
	$(ttft) report latest --db $(out)/quickstart.sqlite --format csv > $(out)/quickstart.csv
	$(ttft) report latest --db $(out)/quickstart.sqlite --format html --output $(out)/quickstart.html
	@printf '\n%s\n' "The reports are $(out)/quickstart.html (open it in a browser), .md and .csv. Your own server is next:"
	@echo "  $(ttft) run http://127.0.0.1:8000 -c 8 -n 200"

# Installs the libraries that a build needs and that are missing.
dependencies:
	@.ci/install-dependencies

# Builds the release binary, .build/release/ttft.
build:
	swift build -c release --product ttft

# Runs everything that CI runs.
test: dependencies
	@.ci/test

# Reads a million broken streams, new ones every day, and streams of full size; for the night, takes about 20 minutes.
fuzz: dependencies
	TTFT_HEAVY=1 TTFT_FUZZ_COUNT=1000000 TTFT_FUZZ_SEED=$${TTFT_FUZZ_SEED:-$$(date +%Y%m%d)} \
		swift test --disable-xctest --filter 'FuzzTests|BoundedMemoryTests'

# Formats all Swift files.
format:
	swift format format --in-place --parallel --recursive $(swift_files)

# Checks the format of all Swift files.
lint:
	swift format lint --strict --parallel --recursive $(swift_files)

# Measures what ttft costs and how late its instants are, beside a bare client in C; takes about 15 minutes.
benchmark: dependencies build
	python3 Tests/Reference/benchmark.py --ttft $(ttft)
	python3 Tests/Reference/full_load.py --ttft $(ttft)
	python3 Tests/Reference/dispatch.py --ttft $(ttft)
	swift build -c release --product stage-benchmarks
	python3 Tests/Reference/stages.py --ttft $(ttft)

# Counts how often the gate is right and how often a naive one is, against a server that wanders; about 30 minutes.
gate-experiment: dependencies build
	TTFT_HEAVY=1 swift test --disable-xctest --filter GateSimulationTests | grep -E '(pairs|blocks|could see) .*[0-9]$$'
	python3 Tests/Reference/gate_experiment.py --ttft $(ttft)

# Makes the pages of Reports/gallery again; wants a quiet machine, and takes about two minutes.
gallery: dependencies build
	@.ci/gallery $(ttft)

# Removes what building and testing left; keeps Reports/out.
clean:
	rm -rf .build .build-reference .build-venv
