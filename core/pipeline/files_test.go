package pipeline_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/pipeline"
)

// TestFilesOfValues is about which values a plugin may read from their files again.
func TestFilesOfValues(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"password": "pw\n", "key": "pem", "broker": "b:1"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const text = `
pipeline: orders
source:
  plugin: p
  config:
    password: ${file:password}
    user: user-${file:password}
    path: $${file:password}
    both: ${file:password}${file:password}
    env: ${NAME}
    tls: &tls
      key: ${file:` + "DIR" + `/key}
      ca: /etc/ca
transform:
  plugin: p
  config: {list: ["a", "${file:broker}"], "key.with.dots": {k: "${file:key}"}}
sinks:
  merged:
    plugin: p
    config:
      tls: {<<: *tls, ca: "${file:key}"}
      over: {<<: *tls, key: plain}
  aliased: {plugin: p, config: {tls: *tls}}
  none: {plugin: p}
`
	raw := []byte(strings.ReplaceAll(text, "DIR", dir))
	f, err := pipeline.Parse(filepath.Join(dir, "p.yaml"), raw, func(string) (string, bool) { return "v", true })
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	want := map[string]map[string]string{
		"source":        {"password": in("password"), "tls.key": in("key")},
		"transform":     {"list[1]": in("broker"), "key.with.dots.k": in("key")},
		"sinks.merged":  {"tls.key": in("key"), "tls.ca": in("key")},
		"sinks.aliased": {"tls.key": in("key")},
		"sinks.none":    nil,
	}
	got := map[string]map[string]string{}
	for _, s := range f.Definition.Stages() {
		got[s.Path] = s.Files
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(`{"both":"pwpw","env":"v","password":"pw","path":"${file:password}","tls":{"ca":"/etc/ca","key":"pem"},"user":"user-pw"}`,
		string(f.Definition.Source.Config)); diff != "" {
		t.Error(diff)
	}
}

func TestFilesOfValuesAreAbsolute(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("password", []byte("pw"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := pipeline.Parse("p.yaml", []byte("{pipeline: p, source: {plugin: p, config: {password: '${file:password}'}}, sinks: {s: {plugin: p}}}"), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	want, err := filepath.Abs("password")
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Definition.Source.Files["password"]; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
