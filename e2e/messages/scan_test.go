package main

import (
	"os"
	"path/filepath"
	"slices"
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
	_ = sdk.Notice{Subject: "t", Message: "rows may be missing", Cure: again}
	log.Warn("waiting", "since", 7)
	log.Info("all is well")
	_ = errors.New("%")
}

var (
	errMend   = errors.New("a person has to look")
	errMode   = errors.New("is no mode")
	errEither = errors.New("stops or waits")
	errURL    = errors.New("has no URL")
)

func finish(path, message, cure string) []Problem {
	return []Problem{{Path: path, Message: message, Cure: cure}, {Message: "holds two texts", Cure: "remove one"}}
}

func judge(severity, message, cure string) Finding { return Finding{Severity: severity, Message: message, Cure: cure} }

type referenceError struct{ message, cure string }

type damaged string

func (d damaged) Error() string { return string(d) }

type ended struct{ state string }

func (e *ended) Error() string { return fmt.Sprintf("plugin ended: %s", e.state) }

func (e *ended) Name() string { return "no message" }

func misplaced() string { return "the line is indented with a tab" }

func (p *plugin) waiting() string {
	call(func() string { return "of another function" })
	return p.name + " is not up"
}

func g() {
	finish("port", "is set twice, first in line "+n, "remove one of the two")
	judge(severityError, "does not answer", "start it")
	judge(severityOK, "answers as it should", "")
	_ = &referenceError{"has a ${ without }", "close it"}
	_ = damaged("its header is damaged")
	_ = sdk.Permanent(fmt.Errorf("%w: %d", errMend, 7))
	_ = config.At("mode", "set one", errMode)
	_ = sdk.Permanent(errEither)
	_ = sdk.Transient(errEither)
	_ = sdk.Superseded(errors.New("another one goes on in this one's place"))
	_ = fmt.Errorf("waiting for the registry since %s: %w", since, err)
	fault := func(path, cure string, err error) { faults = append(faults, config.At(path, cure, err)) }
	fault("url", "list at least one", errURL)
	_ = Damage{Reason: "the file is gone"}
	_ = Damage{Message: "no message"}
	k.enter("waits for sink " + name + " to open")
	k.log.Log(ctx, level, "plugin ended; it is started again")
}
`

// joined has a constant made of one that is read after it.
const joined = `package a

const Much = q.More + ", then start it"

var err = errors.New(Much)
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
		"a/a/a.go":      joined,
		"a/q/q.go":      "package q\nconst More = \"mend it\"",
		"a/ptest/x.go":  "package ptest\nvar _ = errors.New(\"of a test only\")",
	})
	got, err := scan(root, []component{{"a", []string{"a"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Message{
		{Text: "a person has to look", Kind: Stops},
		{Text: "another one goes on in this one's place", Kind: Stops},
		{Text: "connect to …: …", Kind: Waits},
		{Text: "does not answer", Kind: Finding, Cure: "start it"},
		{Text: "has a ${ without }", Kind: Failure, Cure: "close it"},
		{Text: "has no URL", Kind: File, Cure: "list at least one"},
		{Text: "holds two texts", Kind: File, Cure: "remove one"},
		{Text: "is no mode", Kind: File, Cure: "set one"},
		{Text: "is set twice, first in line …", Kind: File, Cure: "remove one of the two"},
		{Text: "its header is damaged", Kind: Failure},
		{Text: "mend it, then start it", Kind: Failure},
		{Text: "plugin ended: …", Kind: Failure},
		{Text: "plugin ended; it is started again", Kind: Warning},
		{Text: "read file …: …", Kind: Failure, Optional: true},
		{Text: "rows may be missing", Kind: Notice, Cure: "start again"},
		{Text: "stops or waits", Kind: Failure},
		{Text: "table … has no key: …: add one", Kind: Stops},
		{Text: "the file is gone", Kind: Failure},
		{Text: "the line is indented with a tab", Kind: Failure},
		{Text: "waiting", Kind: Warning},
		{Text: "waiting for the registry since …: …", Kind: Waits},
		{Text: "waits for sink … to open", Kind: Waits},
		{Text: "… is no port", Kind: File, Cure: "use 1 to 65535"},
		{Text: "… is not up", Kind: Waits},
	}
	compareMessages(t, want, got)
	if i := slices.IndexFunc(got, func(m Message) bool { return m.Text == "connect to …: …" }); got[i].Place != "a/p/p.go:11" {
		t.Errorf("place %s", got[i].Place)
	}
}

func compareMessages(t *testing.T, want, got []Message) {
	t.Helper()
	for i := range want {
		want[i].Component = "a"
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(Message{}, "Place")); d != "" {
		t.Error(d)
	}
}

func TestCompareAsksForTheFile(t *testing.T) {
	t.Parallel()
	got := compare([]Message{{Component: "a", Text: "one"}, {Component: "a", Text: "two"}}, entries{})
	if d := cmp.Diff([]string{"docs/messages/a.yaml is missing"}, got); d != "" {
		t.Error(d)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	found := []Message{{Component: "a", Text: "one"}, {Component: "a", Text: "two", Cure: "mend it"}, {Component: "a", Text: "three"}, {Component: "a", Text: "four"}, {Component: "a", Text: "eight: …", Optional: true}, {Component: "a", Text: "nine: …", Optional: true}, {Component: "a", Text: "six"}, {Component: "a", Text: "seven"}}
	explained := entries{"a": {
		"one":     {Text: "one", Meaning: "m", Cure: "c"},
		"two":     {Text: "two", Meaning: "m"},
		"three":   {Text: "three", Meaning: "m"},
		"five":    {Text: "five", Meaning: "m", Cure: "c"},
		"six":     {Text: "six", Kind: Author},
		"nine: …": {Text: "nine: …", Meaning: "m"},
		"seven":   {Text: "seven", Kind: Internal},
	}}
	want := []string{
		`"four" has no entry in docs/messages/a.yaml`,
		`docs/messages/a.yaml: "five" is no message of the code`,
		`docs/messages/a.yaml: "nine: …" has no cure`,
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
