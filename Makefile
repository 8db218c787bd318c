# What each target does: make help.

GO       ?= go
BIN      := $(CURDIR)/bin
TOOLS    := $(BIN)/tools
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
PLUGINS  := $(patsubst plugins/%/main.go,%,$(wildcard plugins/*/main.go))

# The packages with tests that need servers, wherever they are.
E2E       = $(sort $(dir $(shell git grep -l --untracked '^//go:build e2e' -- '*_test.go' | sed 's|^|./|')))

# Tools are built by the go command itself, so that nobody has to install any.
GOLANGCI_LINT_VERSION      := v2.15.0
BUF_VERSION                := v1.75.0
PROTOC_GEN_GO_VERSION      := v1.36.12
PROTOC_GEN_GO_GRPC_VERSION := v1.6.2

GOLANGCI_LINT      := $(TOOLS)/golangci-lint-$(GOLANGCI_LINT_VERSION)
BUF                := $(TOOLS)/buf-$(BUF_VERSION)
PROTOC_GEN_GO      := $(TOOLS)/protoc-gen-go-$(PROTOC_GEN_GO_VERSION)
PROTOC_GEN_GO_GRPC := $(TOOLS)/protoc-gen-go-grpc-$(PROTOC_GEN_GO_GRPC_VERSION)

BUF_GENERATE = {"version": "v2", "plugins": [ \
  {"local": "$(PROTOC_GEN_GO)", "out": "sdk/proto", "opt": "paths=source_relative"}, \
  {"local": "$(PROTOC_GEN_GO_GRPC)", "out": "sdk/proto", "opt": "paths=source_relative"}]}

.DELETE_ON_ERROR:
.PHONY: help build test unit e2e outage topology differential differential-servers lint fmt generate check bench bench-profile demo services image clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/leat and bin/plugins/*
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $(BIN)/leat ./core/cmd/leat
	@mkdir -p $(BIN)/plugins
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $(BIN)/plugins/ $(PLUGINS:%=./plugins/%)

test: unit e2e differential ## run all tests: unit, end to end, then beside Debezium

unit: ## run the tests that need no server, with the race detector
	$(GO) test -race ./...

e2e: services build ## run the tests against real servers
	$(GO) test -tags e2e -count=1 -timeout 20m $(E2E)

outage: services build ## take MySQL, Kafka and the registry away for a while: DURATION=10m each
	LEAT_OUTAGE='$(or $(DURATION),10m)' $(GO) test -tags e2e -count=1 -timeout 90m -v ./e2e/outage

topology: services build ## services, capture servers, HAProxy and pipelines that fail, lag and grow: ROUNDS=n for longer
	LEAT_TOPOLOGY_ROUNDS='$(or $(ROUNDS),5)' $(GO) test -tags e2e -count=1 -timeout 60m -v -run Topology ./e2e/topology

differential: services build ## compare with Debezium: CASE=pattern, SEED=n ROUNDS=n for random ones
	@CGO_ENABLED=0 $(GO) build -o $(BIN)/differential ./e2e/differential
	$(BIN)/differential $(if $(CASE),-case '$(CASE)') $(if $(SEED),-seed $(SEED)) $(if $(ROUNDS),-rounds $(ROUNDS))

differential-servers: services build ## keep the servers of differential up until interrupted, so that its runs take seconds
	$(GO) run ./e2e/differential -servers

lint: $(GOLANGCI_LINT) $(BUF) ## check the code and the protocol against the house style
	$(GOLANGCI_LINT) run ./...
	$(BUF) lint

fmt: $(GOLANGCI_LINT) ## format the code
	$(GOLANGCI_LINT) fmt ./...

generate: build $(BUF) $(PROTOC_GEN_GO) $(PROTOC_GEN_GO_GRPC) ## write what is generated: the protocol's Go code, tables in READMEs and docs
	$(BUF) generate --template '$(BUF_GENERATE)'
	$(GO) generate ./...
	@for p in $(PLUGINS); do $(BIN)/leat plugin describe $$p --plugin-dir $(BIN)/plugins --update-readme plugins/$$p/README.md || exit 1; done

check: generate lint ## check that what is generated is committed, and lint
	@changed="$$(git status --porcelain)"; [ -z "$$changed" ] || { echo "make generate changed the tree; commit what it wrote:" >&2; echo "$$changed" >&2; exit 1; }

bench: build ## measure leat beside Debezium, and write docs/benchmarks.md; about an hour
	$(GO) run ./e2e/bench -micro -out docs $(BENCH)

bench-profile: build ## leave profiles of the host and each plugin at work in dist/profiles
	$(GO) run ./e2e/bench -contenders leat -aa=false -rounds 1 -rows 300000 -workloads snapshot,backlog,single -profiles dist/profiles $(BENCH)

demo: build ## a pipeline from MySQL, before your eyes
	$(GO) run ./e2e/demo

services: ## fetch the servers that the end-to-end tests start
	./e2e/services/fetch.sh

image: build ## build the container image: dist/oci and dist/leat.tar
	$(GO) run ./e2e/image -version '$(VERSION)'

clean: ## remove what was built
	rm -rf $(BIN) dist

# tool PACKAGE VERSION FILE
define tool
	@mkdir -p $(TOOLS)
	GOBIN=$(TOOLS) GOFLAGS= $(GO) install $(1)@$(2)
	@mv $(TOOLS)/$(notdir $(3:-$(2)=)) $(3)
endef

$(GOLANGCI_LINT):
	$(call tool,github.com/golangci/golangci-lint/v2/cmd/golangci-lint,$(GOLANGCI_LINT_VERSION),$@)

$(BUF):
	$(call tool,github.com/bufbuild/buf/cmd/buf,$(BUF_VERSION),$@)

$(PROTOC_GEN_GO):
	$(call tool,google.golang.org/protobuf/cmd/protoc-gen-go,$(PROTOC_GEN_GO_VERSION),$@)

$(PROTOC_GEN_GO_GRPC):
	$(call tool,google.golang.org/grpc/cmd/protoc-gen-go-grpc,$(PROTOC_GEN_GO_GRPC_VERSION),$@)
