package config_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/config"
)

var update = flag.Bool("update", false, "write the golden files")

func fieldsOf(t *testing.T) []config.Field {
	t.Helper()
	fields, err := config.Describe(defaults())
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	golden(t, "sample.md", config.Markdown(fieldsOf(t)))
}

func TestJSONSchema(t *testing.T) {
	t.Parallel()
	golden(t, "sample.schema.json", string(config.JSONSchema(fieldsOf(t))))
}

func TestUpdateReadme(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "README.md")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fields := []config.Field{{Key: "a", Type: config.TypeInt, Doc: "A."}}
	write("# x\n<!-- config -->\nold\n<!-- /config -->\nend\n")
	for range 2 {
		if err := config.UpdateReadme(path, fields); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want := "# x\n<!-- config -->\n" + config.Markdown(fields) + "<!-- /config -->\nend\n"
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Error(diff)
		}
	}
	write("<!-- /config --> <!-- config -->")
	if err := config.UpdateReadme(path, fields); err == nil || !strings.Contains(err.Error(), "has no <!-- config -->") {
		t.Errorf("got %v, want the missing marks named", err)
	}
	if err := config.UpdateReadme(path+"x", fields); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want a missing file", err)
	}
}
