package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		want string
	}{
		"no command":               {nil, "name one of the commands"},
		"unknown command":          {[]string{"start"}, `unknown command "start" for "leat"`},
		"unknown subcommand":       {[]string{"plugin", "remove"}, `unknown command "remove" for "leat plugin"`},
		"help for what is unknown": {[]string{"unknown", "--help"}, `unknown command "unknown" for "leat"`},
		"help for a subcommand":    {[]string{"plugin", "remove", "--help"}, `unknown command "remove" for "leat plugin"`},
		"help on what is unknown":  {[]string{"help", "unknown"}, `unknown command or topic "unknown"`},
		"no subcommand":            {[]string{"checkpoint"}, "name one of the commands"},
		"unknown flag":             {[]string{"run", "--fast", "x.yaml"}, "unknown flag: --fast"},
		"no file":                  {[]string{"run"}, "requires at least 1 arg(s)"},
		"too many arguments":       {[]string{"checkpoint", "show", "a", "b", "c"}, "accepts between 1 and 2 arg(s)"},
		"log level":                {[]string{"version", "--log-level", "loud"}, `--log-level is "loud"; use debug, info, warn or error`},
		"log format":               {[]string{"version", "--log-format", "xml"}, `--log-format is "xml"; use text or json`},
		"flags exclude each other": {[]string{"plugin", "describe", "kafka-sink", "--json", "--schema"}, "[json schema] were all set"},
		"a file that is missing":   {[]string{"run", "/none.yaml"}, "/none.yaml: cannot be read: no such file or directory (name a pipeline file that exists)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if code := b.execute(tt.args); code != exitUsage {
				t.Errorf("exit code %d, want %d", code, exitUsage)
			}
			if !strings.Contains(b.err.String(), tt.want) {
				t.Errorf("got %q, want %q", b.err, tt.want)
			}
			if b.out.String() != "" {
				t.Errorf("printed %q where only an answer belongs", b.out)
			}
		})
	}
}

func TestHelpNamesTheExitCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if code := b.execute([]string{"help", "exit-codes"}); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(b.out.String(), exitCodesText) {
		t.Errorf("got %q", b.out)
	}
	if b.execute([]string{"--help"}) != exitOK || !strings.Contains(b.out.String(), "exit-codes") {
		t.Errorf("got %q, want the topic named", b.out)
	}
}

func TestDocumentedExitCodesAreThoseOfTheHelp(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../../docs/exit-codes.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), exitCodesText) {
		t.Error("docs/exit-codes.md does not hold the text of leat help exit-codes")
	}
}

func TestDefaultPluginDirs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	self := filepath.Join(dir, "leat")
	if err := os.WriteFile(self, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "leat")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	env := func(value string) func(string) string {
		return func(name string) string {
			if name != "LEAT_PLUGIN_DIR" {
				t.Errorf("asks for %s", name)
			}
			return value
		}
	}
	executable := func() (string, error) { return link, nil }
	got := defaultPluginDirs(env(""), executable)
	if diff := cmp.Diff([]string{filepath.Join(dir, "plugins"), systemPluginDir}, got); diff != "" {
		t.Error(diff)
	}
	got = defaultPluginDirs(env("/a:/b"), executable)
	if diff := cmp.Diff([]string{"/a", "/b"}, got); diff != "" {
		t.Error(diff)
	}
	got = defaultPluginDirs(env(""), func() (string, error) { return "", os.ErrNotExist })
	if diff := cmp.Diff([]string{systemPluginDir}, got); diff != "" {
		t.Error(diff)
	}
}
