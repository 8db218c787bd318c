package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/leat-io/leat/sdk/config"
)

func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	type holder struct{ Password config.Secret }
	h := holder{config.NewSecret("31337")}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("open", "password", h.Password, "all", h)
	inJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	inYAML, err := yaml.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{
		fmt.Sprint(h), fmt.Sprintf("%v %+v %#v %s %q", h, h, h, h.Password, h.Password),
		string(inJSON), string(inYAML), log.String(),
		fmt.Sprintf("%v %+v %#v", &h, []config.Secret{h.Password}, map[string]config.Secret{"k": h.Password}),
	}
	for _, s := range shown {
		if strings.Contains(s, "31337") || !strings.Contains(s, "***") {
			t.Errorf("shown as %s", s)
		}
	}
}

func TestSecretIsNotShownByWhatHidesIt(t *testing.T) {
	t.Parallel()
	hidden := struct{ password config.Secret }{config.NewSecret("31337")} // fmt calls no method of it
	if s := fmt.Sprintf("%v %+v %#v", hidden, hidden, hidden); strings.Contains(s, "31337") {
		t.Errorf("shown as %s", s)
	}
}

func TestSecretIsRevealedWhenAsked(t *testing.T) {
	t.Parallel()
	if got, err := config.NewSecret("pw").Reveal(); got != "pw" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for name, empty := range map[string]config.Secret{"zero": {}, "of no text": config.NewSecret("")} {
		if got, err := empty.Reveal(); got != "" || err != nil || !empty.IsZero() || empty.String() != "" {
			t.Errorf("%s: got %q, %v, shown as %q", name, got, err, empty)
		}
	}
}

func TestSecretOfAFileIsReadAtEachUse(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	s := config.SecretFile("sasl.password", file)
	for _, tt := range []struct{ write, want, err string }{
		{"one\n", "one", ""},
		{"two\r\n", "two", ""},
		{" kept \n\n", " kept \n", ""},
		{"", "", "is empty"},
		{strings.Repeat("31337", config.MaxFile/5+1), "", "is larger than 1 MiB"},
		{"three", "three", ""},
	} {
		write(t, file, tt.write)
		got, err := s.Reveal()
		check(t, got, err, tt.want, tt.err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	got, err := s.Reveal()
	check(t, got, err, "", "read sasl.password: "+file+" cannot be read: no such file or directory")
	if s.IsZero() || !s.FromFile() || s.String() != "***" {
		t.Errorf("zero %v, from a file %v, shown as %q", s.IsZero(), s.FromFile(), s)
	}
}

func check(t *testing.T, got string, err error, want, wantErr string) {
	t.Helper()
	if got != want || (err == nil) != (wantErr == "") || err != nil && !strings.Contains(err.Error(), wantErr) {
		t.Errorf("got %q, %v; want %q, %q", got, err, want, wantErr)
	}
	if err != nil && strings.Contains(err.Error(), "31337") {
		t.Errorf("shows the secret: %.100s", err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTextIsShownAndReadAtEachUse(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "user")
	text := config.TextFile("user", file)
	write(t, file, "anna\n")
	got, err := text.Read()
	check(t, got, err, "anna", "")
	write(t, file, "bert\n")
	got, err = text.Read()
	check(t, got, err, "bert", "")
	if s := text.Shown(); s != "bert" {
		t.Errorf("shown as %q", s)
	}
	if s := config.TextFile("user", file+"x").Shown(); s != "${file:"+file+"x}" {
		t.Errorf("shown as %q", s)
	}
	if text.String() != "${file:"+file+"}" || !text.FromFile() || text.IsZero() {
		t.Errorf("shown as %q", text)
	}
	if s := config.NewText("carl").String(); s != "carl" || !config.NewText("").IsZero() {
		t.Errorf("shown as %q", s)
	}
}

func TestSecretsAreEqual(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		a, b config.Secret
		want bool
	}{
		"none":          {config.Secret{}, config.NewSecret(""), true},
		"the same text": {config.NewSecret("a"), config.NewSecret("a"), true},
		"another text":  {config.NewSecret("a"), config.NewSecret("b"), false},
		"none and one":  {config.Secret{}, config.NewSecret("b"), false},
		"the same file": {config.SecretFile("k", "/a"), config.SecretFile("k", "/a"), true},
		"another file":  {config.SecretFile("k", "/a"), config.SecretFile("k", "/b"), false},
		"text and file": {config.NewSecret("/a"), config.SecretFile("k", "/a"), false},
	}
	for name, tt := range tests {
		if got := tt.a.Equal(tt.b); got != tt.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
