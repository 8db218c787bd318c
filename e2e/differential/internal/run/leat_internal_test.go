package run

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
	"github.com/leat-io/leat/e2e/servers"
)

func TestSetOption(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		option string
		want   map[string]any
	}{
		"OK: text":          {"source.truncate=emit", map[string]any{"source": map[string]any{"port": 1, "truncate": "emit"}}},
		"OK: boolean":       {"source.x=true", map[string]any{"source": map[string]any{"port": 1, "x": true}}},
		"OK: list":          {`source.x.y=["a"]`, map[string]any{"source": map[string]any{"port": 1, "x": map[string]any{"y": []any{"a"}}}}},
		"OK: equals signs":  {"source.x=a=b", map[string]any{"source": map[string]any{"port": 1, "x": "a=b"}}},
		"OK: another value": {"source.port=2", map[string]any{"source": map[string]any{"port": 2.0}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := map[string]any{"source": map[string]any{"port": 1}}
			setOption(got, test.option)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("configuration (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPipeline(t *testing.T) {
	t.Parallel()
	lab := &Lab{
		MySQL: &servers.MySQLServer{Host: "h", Port: 3}, Kafka: &servers.KafkaServer{Bootstrap: "k:1"}, Registry: &servers.RegistryServer{URL: "http://r"},
	}
	c := &sqlcase.Case{Leat: []string{"transform.tombstones=false"}}
	var got struct {
		Pipeline string
		Source   struct {
			Config struct {
				Include struct{ Databases []string }
			}
		}
		Transform struct {
			Config struct {
				TopicPrefix string `json:"topic_prefix"`
				Tombstones  *bool
			}
		}
	}
	if err := json.Unmarshal(lab.text(c, "p", []string{"a.b"}, "/d"), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`a\.b`}, got.Source.Config.Include.Databases); diff != "" {
		t.Errorf("databases (-want +got):\n%s", diff)
	}
	if got.Pipeline != "p" || got.Transform.Config.TopicPrefix != "p" || got.Transform.Config.Tombstones == nil || *got.Transform.Config.Tombstones {
		t.Errorf("pipeline %+v", got)
	}
}

func TestProcess(t *testing.T) {
	t.Parallel()
	p, err := start("sh", "-c", "echo first; echo last >&2; exit 3")
	if err != nil {
		t.Fatal(err)
	}
	<-p.done
	if err := p.failure(); !errors.Is(err, ErrStopped) || !strings.Contains(err.Error(), "first\nlast") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("failure %v, want the log and the status", err)
	}
	sleeper, err := start("sleep", "600")
	if err != nil {
		t.Fatal(err)
	}
	if err := sleeper.failure(); err != nil {
		t.Errorf("failure %v of a program that runs", err)
	}
	sleeper.stop(t.Context())
	if sleeper.failure() == nil {
		t.Error("no failure of a program that was stopped")
	}
	if _, err := start("/no/such/program"); err == nil {
		t.Error("a program that is not there has started")
	}
}
