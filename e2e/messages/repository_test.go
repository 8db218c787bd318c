package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const repository = "../.."

// repositoryMessages are those of the components that have a file, and their entries.
func repositoryMessages(t *testing.T) ([]component, []Message, entries) {
	t.Helper()
	dir := filepath.Join(repository, "docs", "messages")
	parts := withFile(dir, components)
	if len(parts) < 2 {
		t.Fatalf("only %v have a file in %s", parts, dir)
	}
	found, err := scan(repository, parts)
	if err != nil {
		t.Fatal(err)
	}
	explained, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return parts, found, explained
}

func TestEveryMessageIsExplained(t *testing.T) {
	t.Parallel()
	_, found, explained := repositoryMessages(t)
	for _, problem := range compare(found, explained) {
		t.Error(problem)
	}
}

func TestThePageIsCurrent(t *testing.T) {
	t.Parallel()
	parts, found, explained := repositoryMessages(t)
	page, err := os.ReadFile(filepath.Join(repository, "docs", "messages.md"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(document(parts, found, explained), string(page)); d != "" {
		t.Errorf("docs/messages.md is not what make generate writes (-want +got):\n%s", d)
	}
}
