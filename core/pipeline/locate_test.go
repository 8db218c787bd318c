package pipeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/config"
)

func TestLocate(t *testing.T) {
	t.Parallel()
	f := parseFile(t, "testdata/good/inventory.yaml")
	f.Path = "p"
	tests := map[string]string{
		"":                                "p:2:1",
		"pipeline":                        "p:2:1",
		"source.config.tls.ca_file":       "p:13:16",
		"source.config.tables[1]":         "p:11:30",
		"source.config.tables[7]":         "p:11:5",
		"source.config.dotted.key.a.b":    "p:14:18",
		"source.config.not_there":         "p:6:3",
		"sinks.warehouse.config.tls":      "p:20:14",
		"sinks.warehouse.config.rate":     "p:20:25",
		"sinks.kafka.config.brokers[1]":   "p:27:11",
		"sinks.kafka.config.ca_file":      "p:13:16",
		"sinks.kafka.config.secret.inner": "p:28:7",
		"sinks.kafka":                     "p:21:3",
		"nothing":                         "p:2:1",
	}
	for path, want := range tests {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			if got := f.Locate(path).String(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestStageProblemNamesTheLineAndHidesValues(t *testing.T) {
	t.Parallel()
	f := parseFile(t, "testdata/good/inventory.yaml")
	got := f.StageProblem(f.Definition.Source, config.Problem{
		Path: "password", Message: `login with "hunter 22" at db1 as s3cret and "s3c" refused`, Cure: "not hunter 22",
	})
	want := Problem{
		Position: Position{File: f.Path, Line: 9, Column: 5}, Path: "source.config.password",
		Message: `login with ${PASSWORD} at db1 as s3cret and ${SHORT} refused`, Cure: "not ${PASSWORD}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	whole := f.StageProblem(f.Definition.Sinks[1].Stage, config.Problem{Message: "m"})
	if whole.Path != "sinks.kafka.config" || whole.Line != 23 {
		t.Errorf("got %+v", whole)
	}
}
