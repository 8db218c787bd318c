package pipeline

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/config"
)

const document = "../../docs/configuration.md"

// TestDocumentedKeys compares the table in the documentation with the struct;
// with -update, which go generate gives, it writes the table.
func TestDocumentedKeys(t *testing.T) {
	t.Parallel()
	fields, err := config.Describe(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := config.UpdateReadme(document, fields); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "<!-- config -->\n")
	got, _, _ := strings.Cut(rest, "<!-- /config -->")
	if diff := cmp.Diff(config.Markdown(fields), got); diff != "" {
		t.Errorf("run make generate: %s", diff)
	}
}

// TestDocumentedExampleIsValid parses the first YAML block of the documentation.
func TestDocumentedExampleIsValid(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(text)
	if block == nil {
		t.Fatal("no example")
	}
	dir := t.TempDir()
	secret := filepath.Join(dir, "mysql")
	if err := os.WriteFile(secret, []byte("pw\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	example := strings.ReplaceAll(string(block[1]), "/run/secrets/mysql", secret)
	f, err := Parse("inventory.yaml", []byte(example), func(string) (string, bool) { return "db1", true })
	if err != nil {
		t.Fatal(err)
	}
	if got := string(f.Definition.Source.Config); got != `{"host":"db1","password":"pw"}` {
		t.Errorf("got %s", got)
	}
}
