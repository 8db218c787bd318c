package main

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk/config"
)

var update = flag.Bool("update", false, "write the table of the README")

const readme = "README.md"

// TestReadmeKeys compares the README's table with the struct; with -update,
// which go generate gives, it writes the table.
func TestReadmeKeys(t *testing.T) {
	t.Parallel()
	fields, err := config.Describe(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := config.UpdateReadme(readme, fields); err != nil {
			t.Fatal(err)
		}
	}
	_, rest, _ := strings.Cut(readReadme(t), "<!-- config -->\n")
	got, _, _ := strings.Cut(rest, "<!-- /config -->")
	if diff := cmp.Diff(config.Markdown(fields), got); diff != "" {
		t.Errorf("run make generate: %s", diff)
	}
}

// TestReadmeMetrics wants each metric in the README.
func TestReadmeMetrics(t *testing.T) {
	t.Parallel()
	registry := &collected{}
	if _, err := produce.NewMetrics(registry); err != nil {
		t.Fatal(err)
	}
	text := readReadme(t)
	for _, name := range registry.names {
		if !strings.Contains(text, "| `"+name) {
			t.Errorf("the README does not tell of %s", name)
		}
	}
	if len(registry.names) == 0 {
		t.Error("no metric is registered")
	}
}

// collected notes the names of the metrics that are registered.
type collected struct {
	prometheus.Registry
	names []string
}

func (c *collected) Register(m prometheus.Collector) error {
	descriptions := make(chan *prometheus.Desc, 1)
	m.Describe(descriptions)
	_, rest, _ := strings.Cut((<-descriptions).String(), `fqName: "`)
	name, _, _ := strings.Cut(rest, `"`)
	c.names = append(c.names, name)
	return nil
}

func readReadme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
