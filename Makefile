# `make` alone says what there is. Everything is built once, for release, in .build.

GODWIT := .build/release/godwit
PREFIX ?= /usr/local
SOURCES := Sources Tests functions Benchmarks/Sources Benchmarks/DecisionTimer Benchmarks/Tests Benchmarks/functions Package.swift Benchmarks/Package.swift

.PHONY: help setup build demo test sanitize fuzz soak bench bench-compare format lint install clean

help: ## Show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the system packages that building needs and this machine lacks
	@scripts/setup build

build: setup ## Build godwit, its spawner and its egress broker
	@swift build -c release --product godwit
	@swift build -c release --product godwit-spawner
	@swift build -c release --product godwit-egress

demo: ## Three throw-away nodes, the example functions on them, and where calls go; KEEP=1 leaves them running
	@scripts/setup build demo
	@$(MAKE) --no-print-directory build
	@swift build -c release --product wan-relay
	@scripts/demo $(GODWIT)

test: ## Run all tests, those of the example functions too
	@scripts/setup build demo test
	@scripts/test

sanitize: ## Check the spawner with sanitizers, as `make test` does too; ARGS='name' for some of the checks only
	@scripts/setup build
	@scripts/sanitize $(ARGS)

fuzz: ## Fuzz what reads bytes from outside, for FUZZ_SECONDS (300) in all; `make test` does so for a moment
	@scripts/setup build
	@scripts/fuzz

soak: build ## Keep a node busy for SOAK_SECONDS (600), check every answer, and see whether it grows
	@scripts/soak $(GODWIT) $${SOAK_SECONDS:-600}

bench: ## Measure against nginx, crun and bubblewrap; ARGS='--rounds 3 --markdown FILE' and the like
	@scripts/setup build bench
	@$(MAKE) --no-print-directory build
	@swift build -c release --product decision-timer
	@swift run -c release --package-path Benchmarks godwit-bench --godwit $(GODWIT) $(ARGS)

bench-compare: ## What two reports of `make bench ARGS='--json FILE'` differ in: OLD=FILE NEW=FILE
	@swift run -c release --package-path Benchmarks godwit-bench compare '$(OLD)' '$(NEW)'

format: ## Format the Swift sources in place
	@swift format --in-place --parallel --recursive $(SOURCES)

lint: ## Check the form of the sources and the rules of the house
	@scripts/lint $(SOURCES)

install: build ## Install into PREFIX (/usr/local)
	@install -d '$(DESTDIR)$(PREFIX)/bin'
	@install $(GODWIT) $(GODWIT)-spawner $(GODWIT)-egress '$(DESTDIR)$(PREFIX)/bin'

clean: ## Remove everything that was built
	@rm -rf .build Benchmarks/.build functions/*/.build functions/*/__pycache__ Benchmarks/functions/*/.build
