package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/sdk/config"
)

func TestConfig_decode(t *testing.T) {
	t.Parallel()
	const u = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
	tests := map[string]struct {
		raw  string
		want []string // paths of the problems
	}{
		"OK":                      {`{"host": "h", "user": "u"}`, nil},
		"OK everything":           {`{"host": "h", "user": "u", "password": "p", "port": 1, "tls": {"mode": "disabled"}, "include": {"tables": ["a\\.b"]}, "gtid": {"exclude": ["` + u + `"]}, "snapshot": {"mode": "no_data", "lock_timeout": "3s"}}`, nil},
		"nothing":                 {`{}`, []string{"host", "user"}},
		"port":                    {`{"host": "h", "user": "u", "port": 70000}`, []string{"port"}},
		"durations":               {`{"host": "h", "user": "u", "heartbeat": "0s", "connect_timeout": "0s", "snapshot": {"lock_timeout": "10ms"}}`, []string{"heartbeat", "connect_timeout", "snapshot.lock_timeout"}},
		"certificate without key": {`{"host": "h", "user": "u", "tls": {"cert": "-----BEGIN CERTIFICATE-----"}}`, []string{"tls.cert"}},
		"patterns":                {`{"host": "h", "user": "u", "include": {"tables": ["(", "ok"]}, "exclude": {"columns": ["*"]}}`, []string{"include.tables[0]", "exclude.columns[0]"}},
		"servers":                 {`{"host": "h", "user": "u", "gtid": {"include": ["x"], "exclude": ["` + u + `", "y"]}}`, []string{"gtid.include[0]", "gtid.exclude[1]"}},
		"mode":                    {`{"host": "h", "user": "u", "snapshot": {"mode": "always"}}`, []string{"snapshot.mode"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := DefaultConfig()
			var got []string
			for _, p := range config.Decode([]byte(tt.raw), &c) {
				got = append(got, p.Path)
				if p.Cure == "" {
					t.Errorf("no cure: %s", p)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGTID_servers(t *testing.T) {
	t.Parallel()
	const a, b = "aaaaaaaa-0000-0000-0000-000000000000", "bbbbbbbb-0000-0000-0000-000000000000"
	tests := map[string]struct {
		gtid         GTID
		wantA, wantB bool
	}{
		"OK all":   {GTID{}, false, false},
		"included": {GTID{Include: []string{a}}, false, true},
		"excluded": {GTID{Exclude: []string{a}}, true, false},
		"both":     {GTID{Include: []string{a, b}, Exclude: []string{b}}, false, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			servers, err := tt.gtid.servers()
			if err != nil {
				t.Fatal(err)
			}
			var got []bool
			for _, text := range []string{a, b} {
				u, _ := gtid.ParseUUID(text)
				ignore := servers.Ignore()
				got = append(got, ignore != nil && ignore(u))
			}
			if diff := cmp.Diff([]bool{tt.wantA, tt.wantB}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestConfig_secretIsNotShown(t *testing.T) {
	t.Parallel()
	c := DefaultConfig()
	c.Password = config.NewSecret("hunter2")
	b, err := json.Marshal(c)
	if err != nil || strings.Contains(string(b), "hunter2") {
		t.Errorf("got %s, %v", b, err)
	}
}

// The table in the README is that of the struct; leat plugin describe
// --update-readme writes it.
func TestReadme_isUpToDate(t *testing.T) {
	t.Parallel()
	fields, err := config.Describe(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(path, committed, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := config.UpdateReadme(path, fields); err != nil {
		t.Fatal(err)
	}
	if os.Getenv("LEAT_UPDATE") != "" {
		if err := config.UpdateReadme("README.md", fields); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(committed)); diff != "" {
		t.Error(diff)
	}
}
