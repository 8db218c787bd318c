package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const repository = "../.."

// repositoryMessages are those of all components, and their entries.
func repositoryMessages(t *testing.T) ([]Message, entries) {
	t.Helper()
	found, err := scan(repository, components)
	if err != nil {
		t.Fatal(err)
	}
	explained, err := load(filepath.Join(repository, "docs", "messages"))
	if err != nil {
		t.Fatal(err)
	}
	return found, explained
}

func TestEveryMessageIsExplained(t *testing.T) {
	t.Parallel()
	found, explained := repositoryMessages(t)
	for _, problem := range compare(found, explained) {
		t.Error(problem)
	}
}

func TestThePageIsCurrent(t *testing.T) {
	t.Parallel()
	found, explained := repositoryMessages(t)
	page, err := os.ReadFile(filepath.Join(repository, "docs", "messages.md"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(document(components, found, explained), string(page)); d != "" {
		t.Errorf("docs/messages.md is not what make generate writes (-want +got):\n%s", d)
	}
}
