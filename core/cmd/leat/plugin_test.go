package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPluginList(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if code := b.execute([]string{"plugin", "list"}); code != exitOK {
		t.Errorf("exit code %d: %s", code, b.err)
	}
	want := "NAME          KIND    VERSION  SUMMARY\nkafka-sink    sink    0.1.0    Writes Kafka.\nmysql-source  source  1.2.3    Reads MySQL.\n"
	if diff := cmp.Diff(want, b.out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestPluginListShowsWhatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.list = func([]string) ([]string, error) { return []string{"kafka-sink", "notes"}, nil }
	if code := b.execute([]string{"plugin", "list", "--json"}); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	var got []listed
	if err := json.Unmarshal([]byte(b.out.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := []listed{
		{Name: "kafka-sink", Kind: "sink", Version: "0.1.0", Summary: "Writes Kafka."},
		{Name: "notes", Error: "plugin not found: notes"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPluginListWaitsForAllAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	names := []string{"kafka-sink", "s1", "s2", "s3"}
	for _, silent := range names[1:] {
		b.plugins[silent] = &fakePlugin{silent: true}
	}
	b.list = func([]string) ([]string, error) { return names, nil }
	before := time.Now()
	if code := b.execute([]string{"plugin", "list"}); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	if took := time.Since(before); took > 2*listTimeout {
		t.Errorf("it took %v", took)
	}
	for _, want := range []string{"Writes Kafka.", "s2          ?     ?        does not say within 5s what it is"} {
		if !strings.Contains(b.out.String(), want) {
			t.Errorf("the list has no %q:\n%s", want, b.out)
		}
	}
	if !strings.Contains(b.err.String(), "as plugins: s1, s2, s3; remove or rebuild them") {
		t.Errorf("the error is %s", b.err)
	}
}

func TestPluginListOfNone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.list = func([]string) ([]string, error) { return nil, nil }
	if code := b.execute([]string{"plugin", "list", "--plugin-dir", "/p"}); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if want := "no plugins in [/p]; set --plugin-dir to the folder that has them\n"; b.out.String() != want {
		t.Errorf("got %q", b.out)
	}
	b.list = func([]string) ([]string, error) { return nil, errors.New("denied") }
	if code := b.execute([]string{"plugin", "list"}); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
}

func TestPluginDescribe(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		want string
	}{
		"text": {[]string{"mysql-source"}, `mysql-source 1.2.3, a source
Reads MySQL.
May copy what existed before its stream begins.

KEY       TYPE    DEFAULT   MEANING
host      string  required  Name of the server.
password  string  ***       Password.
mode      string  row       What is read. One of row, all.
`},
		"text without configuration": {[]string{"kafka-sink"}, `kafka-sink 0.1.0, a sink
Writes Kafka.
May store its checkpoints with its records, as its configuration says.
Honours these variables, if env lists them: LEAT_TEST_PASSWORD, LEAT_TEST_UNSET.

It has no configuration.
`},
		"markdown": {[]string{"mysql-source", "--markdown"}, "| key | type | default | |\n| --- | --- | --- | --- |\n" +
			"| `host` | string | required | Name of the server. |\n" +
			"| `password` | string | `***` | Password. |\n" +
			"| `mode` | string | `row` | What is read. One of row, all. |\n"},
		"json": {[]string{"kafka-sink", "--json"}, `{
  "name": "kafka-sink",
  "kind": "sink",
  "version": "0.1.0",
  "summary": "Writes Kafka.",
  "transactional": true,
  "snapshots": false,
  "environment": [
    "LEAT_TEST_PASSWORD",
    "LEAT_TEST_UNSET"
  ],
  "config": []
}
`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if code := b.execute(append([]string{"plugin", "describe"}, tt.args...)); code != exitOK {
				t.Errorf("exit code %d: %s", code, b.err)
			}
			if diff := cmp.Diff(tt.want, b.out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPluginDescribeSchema(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if code := b.execute([]string{"plugin", "describe", "mysql-source", "--schema"}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	var schema struct {
		Required   []string
		Properties map[string]struct{ Enum []string }
	}
	if err := json.Unmarshal([]byte(b.out.String()), &schema); err != nil {
		t.Fatal(err)
	}
	if len(schema.Properties) != 3 || len(schema.Properties["mode"].Enum) != 2 || schema.Required[0] != "host" {
		t.Errorf("got %+v", schema)
	}
}

func TestPluginDescribeUpdatesAReadme(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(path, []byte("<!-- config --><!-- /config -->\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := b.execute([]string{"plugin", "describe", "mysql-source", "--update-readme", path}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(got), "| `host` | string | required |") {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestPluginDescribeOfAnUnknownPlugin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if code := b.execute([]string{"plugin", "describe", "nothing"}); code != exitNotFound {
		t.Errorf("exit code %d", code)
	}
	if got := b.err.String(); got != "plugin not found: nothing\n" {
		t.Errorf("got %q", got)
	}
}
