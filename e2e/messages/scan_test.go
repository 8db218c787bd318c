package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const code = `package p

import ("errors"; "fmt")

const again = "start again"

var errGone = errors.New("the file is gone")

func f(err error) {
	_ = sdk.Permanent(fmt.Errorf("table %s has no key: %w: add one", "t", err))
	_ = sdk.Transient(fmt.Errorf("connect to %s: %w", "t", err))
	_ = fmt.Errorf("read file %s: %w", "t", err)
	_ = config.At("port", "use 1 to 65535", fmt.Errorf("%d is no port", 7))
	c.fail("grants", "", fmt.Sprintf("user %q lacks %s", "u", "SELECT"), "grant it, then "+again)
	_ = sdk.Notice{Subject: "t", Message: "rows may be missing", Cure: again}
	log.Warn("waiting", "since", 7)
	log.Info("all is well")
	_ = errors.New("%")
}
`

func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestScan(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"a/p/p.go":      code,
		"a/p/p_test.go": "package p\nvar _ = errors.New(\"of a test only\")",
		"a/ptest/x.go":  "package ptest\nvar _ = errors.New(\"of a test only\")",
	})
	got, err := scan(root, []component{{"a", []string{"a"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Message{
		{Text: "connect to …: …", Kind: Waits},
		{Text: "rows may be missing", Kind: Notice, Cure: "start again"},
		{Text: "table … has no key: …: add one", Kind: Stops},
		{Text: "the file is gone", Kind: Failure},
		{Text: "user … lacks …", Kind: Finding, Cure: "grant it, then start again"},
		{Text: "waiting", Kind: Warning},
		{Text: "… is no port", Kind: File, Cure: "use 1 to 65535"},
	}
	for i := range want {
		want[i].Component = "a"
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(Message{}, "Place")); d != "" {
		t.Error(d)
	}
	if got[0].Place != "a/p/p.go:11" {
		t.Errorf("place %s", got[0].Place)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	found := []Message{{Component: "a", Text: "one"}, {Component: "a", Text: "two", Cure: "mend it"}, {Component: "a", Text: "three"}, {Component: "a", Text: "four"}}
	explained := entries{"a": {
		"one":   {Text: "one", Meaning: "m", Cure: "c"},
		"two":   {Text: "two", Meaning: "m"},
		"three": {Text: "three", Meaning: "m"},
		"five":  {Text: "five", Meaning: "m", Cure: "c"},
	}}
	want := []string{
		`"four" has no entry in docs/messages/a.yaml`,
		`docs/messages/a.yaml: "five" is no message of the code`,
		`docs/messages/a.yaml: "three" has no cure`,
	}
	got := compare(found, explained)
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}
