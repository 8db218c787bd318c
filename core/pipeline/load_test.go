package pipeline

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/config"
)

var update = flag.Bool("update", false, "write the expected messages")

// environment of the tests.
func environment(name string) (string, bool) {
	value, ok := map[string]string{"HOST": "db1", "PORT": "3307", "PASSWORD": "hunter 22", "SHORT": "s3c"}[name]
	return value, ok
}

func parseFile(t *testing.T, path string) *File {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(path, raw, environment)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestParse(t *testing.T) {
	t.Parallel()
	got := parseFile(t, "testdata/good/inventory.yaml").Definition
	want := &Definition{
		Name: "inventory",
		Source: Stage{
			Plugin: "mysql-source", Path: "source",
			SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			Config: []byte(`{"dotted.key":{"a.b":1},"host":"db1","password":"hunter 22","port":3306,"since":"2024-01-02",` +
				`"tables":["inventory\\..*$","a$b"],"tls":{"ca_file":"/etc/ca.pem"},"url":"mysql://db1:3307/$xs3c"}`),
		},
		Transform: &Stage{Plugin: "avro-transform", Path: "transform", Config: []byte(`{}`)},
		Sinks: []NamedStage{
			{"warehouse", Stage{Plugin: "bigquery-sink", Path: "sinks.warehouse", Config: []byte(`{"on":true,"rate":1.5,"tls":{"ca_file":"/etc/ca.pem"}}`)}},
			{"kafka", Stage{
				Plugin: "kafka-sink", Path: "sinks.kafka", Config: []byte(`{"brokers":["one:9092","two:9092"],"ca_file":"/etc/ca.pem","secret":"from a file"}`),
				Files: map[string]string{"secret": absolute(t, "testdata/good/secret.txt")},
			}},
		},
		Buffer:      128 * config.MiB,
		Checkpoint:  Checkpoint{Dir: "/var/lib/leat", Interval: 500 * time.Millisecond},
		Restart:     Restart{Max: 3, Window: time.Minute, InitialBackoff: time.Second, MaxBackoff: 5 * time.Second, RetryFailed: 0},
		StopTimeout: time.Minute,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseFillsDefaults(t *testing.T) {
	t.Parallel()
	got := parseFile(t, "testdata/good/minimal.yaml").Definition
	want := &Definition{
		Name:        "p",
		Source:      Stage{Plugin: "a", Path: "source", Config: []byte(`{}`)},
		Sinks:       []NamedStage{{"k", Stage{Plugin: "b", Path: "sinks.k", Config: []byte(`{}`)}}},
		Buffer:      16 * config.MiB,
		Checkpoint:  Checkpoint{Dir: "testdata/good/checkpoints", Interval: time.Second},
		Restart:     Restart{Max: 10, Window: 10 * time.Minute, InitialBackoff: 100 * time.Millisecond, MaxBackoff: 30 * time.Second, RetryFailed: 5 * time.Minute},
		StopTimeout: 20 * time.Second,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestParseReportsProblems reads files that hold a pipeline, a line of dashes,
// and the problems expected.
func TestParseReportsProblems(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/bad/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no test files", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			give, want, ok := strings.Cut(string(raw), "----\n")
			if !ok {
				t.Fatal("no line of dashes")
			}
			_, err = Parse("p.yaml", []byte(give), environment)
			if err == nil {
				t.Fatal("want problems")
			}
			got := err.Error() + "\n"
			if *update {
				if err := os.WriteFile(path, []byte(give+"----\n"+got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(got, "hunter") || strings.Contains(got, "s3c") {
				t.Error("shows a value from the environment")
			}
		})
	}
}

func TestLoadAll(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Setenv("LEAT_TEST_PLUGIN", "from-environment")
	const rest = "\nsource: {plugin: \"${LEAT_TEST_PLUGIN}\"}\nsinks: {k: {plugin: b}}\n"
	a, b, again := write("a.yaml", "pipeline: a"+rest), write("b.yaml", "pipeline: b"+rest), write("again.yaml", "pipeline: a"+rest)
	bad := write("bad.yaml", "pipeline: c\n")

	files, err := LoadAll([]string{a, b})
	if err != nil || len(files) != 2 || files[1].Definition.Name != "b" || files[0].Definition.Source.Plugin != "from-environment" {
		t.Errorf("got %v, %v", files, err)
	}
	_, err = LoadAll([]string{a, bad, again, filepath.Join(dir, "none.yaml")})
	if err == nil {
		t.Fatal("want problems")
	}
	want := strings.ReplaceAll(`DIR/bad.yaml:1:1: source: is required (set it: Plugin that the records come from)
DIR/bad.yaml:1:1: sinks: is required (set it: Plugins that the records go to, by name, at most 63)
DIR/again.yaml:1:1: pipeline: is "a", as in DIR/a.yaml (give each pipeline a name of its own)
DIR/none.yaml: cannot be read: no such file or directory (name a pipeline file that exists)`, "DIR", dir)
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestReferencedFileIsLimited(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(path, make([]byte, config.MaxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Parse("p.yaml", []byte("pipeline: ${file:"+path+"}"), environment)
	if err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("testdata/*/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		give, _, _ := strings.Cut(string(raw), "----\n")
		f.Add([]byte(give))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if strings.Contains(string(raw), "file:") {
			t.Skip("reads no files of this machine")
		}
		file, err := Parse("p.yaml", raw, environment)
		if err != nil {
			if p := asProblems("", err); len(p) == 0 || p[0].Message == "" {
				t.Errorf("an error without a problem: %v", err)
			}
			return
		}
		d := file.Definition
		if d.Name == "" || len(d.Sinks) == 0 || d.Source.Plugin == "" {
			t.Errorf("incomplete: %+v", d)
		}
		for _, s := range d.Stages() {
			if file.Locate(s.Path+".plugin").Line == 0 {
				t.Errorf("%s is nowhere", s.Path)
			}
		}
	})
}
