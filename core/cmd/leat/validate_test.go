package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

var (
	fine    = &leatv1.Finding{Severity: leatv1.Severity_SEVERITY_OK, Check: "grants", Message: "complete"}
	warning = &leatv1.Finding{Severity: leatv1.Severity_SEVERITY_WARNING, Check: "retention", Message: "is 1h", Cure: "keep binlogs longer"}
	refused = &leatv1.Finding{Severity: leatv1.Severity_SEVERITY_ERROR, Check: "login", Path: "password", Message: `"hunter22" refused`, Cure: "set another"}
)

func TestValidate(t *testing.T) {
	tests := map[string]struct {
		prepare func(b *bench)
		file    string
		code    int
		want    string
	}{
		"OK": {
			func(b *bench) { b.finding("mysql-source", fine) }, inventory, exitOK,
			"ok       FILE: source: grants: complete\n1 ok, 0 warnings, 0 errors\n",
		},
		"a warning": {
			func(b *bench) { b.finding("kafka-sink", warning) }, inventory, exitOK,
			"warning  FILE:8:3: sinks.kafka.config: is 1h\n         keep binlogs longer\n0 ok, 1 warning, 0 errors\n",
		},
		"an error, its secret hidden": {
			func(b *bench) { b.finding("mysql-source", refused) }, inventory, exitFindings,
			"error    FILE:6:5: source.config.password: ${LEAT_TEST_PASSWORD} refused\n         set another\n0 ok, 0 warnings, 1 error\n",
		},
		"a severity of the future": {
			func(b *bench) { b.finding("mysql-source", &leatv1.Finding{Severity: 77, Message: "m"}) }, inventory, exitFindings,
			"error    FILE:4:3: source.config: m\n0 ok, 0 warnings, 1 error\n",
		},
		"variables that a plugin gets": {
			func(*bench) {}, inventory + "    env: [LEAT_TEST_PASSWORD]\n", exitOK, "0 ok, 0 warnings, 0 errors\n",
		},
		"a variable that is not set": {
			func(*bench) {}, inventory + "    env: [LEAT_TEST_PASSWORD, LEAT_TEST_UNSET]\n", exitOK,
			"warning  FILE:10:31: sinks.kafka.env[1]: lists LEAT_TEST_UNSET, which is not set in leat's environment\n         set it, or remove it from the list\n0 ok, 1 warning, 0 errors\n",
		},
		"a variable that the plugin does not use": {
			func(*bench) {}, inventory + "    env: [LEAT_TEST_PASSWORD, FOO]\n", exitFindings,
			"error    FILE:10:31: sinks.kafka.env[1]: lists FOO, which kafka-sink does not use; it honours LEAT_TEST_PASSWORD, LEAT_TEST_UNSET\n         remove it, or correct its name\n0 ok, 0 warnings, 1 error\n",
		},
		"a plugin that is missing": {
			func(b *bench) { delete(b.plugins, "kafka-sink") }, inventory, exitFindings,
			"error    FILE:9:5: sinks.kafka.plugin: plugin not found: kafka-sink\n0 ok, 0 warnings, 1 error\n",
		},
		"a plugin of another kind": {
			func(*bench) {}, strings.Replace(inventory, "kafka-sink", "mysql-source", 1), exitFindings,
			"error    FILE:9:5: sinks.kafka.plugin: mysql-source is a source, not a sink\n         name a sink, or move it\n0 ok, 0 warnings, 1 error\n",
		},
		"a plugin that dies": {
			func(b *bench) { b.plugins["kafka-sink"].err = errors.New("EOF") }, inventory, exitFindings,
			"error    FILE:9:5: sinks.kafka.plugin: ended while it checked: EOF\n         look at its log above\n0 ok, 0 warnings, 1 error\n",
		},
		"an invalid file": {
			func(*bench) {}, "pipeline: x\n", exitUsage,
			"error    FILE:1:1: source: is required\n         set it: Plugin that the records come from\n" +
				"error    FILE:1:1: sinks: is required\n         set it: Plugins that the records go to, by name, at most 63\n" +
				"0 ok, 0 warnings, 2 errors\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			tt.prepare(b)
			path := writeFile(t, tt.file)
			if code := b.execute([]string{"validate", path}); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if diff := cmp.Diff(tt.want, without(path, b.out.String())); diff != "" {
				t.Error(diff)
			}
			if b.err.String() != "" {
				t.Errorf("printed %q to stderr", b.err)
			}
		})
	}
}

func TestValidateAsksPluginsLiveUnlessStatic(t *testing.T) {
	b := newBench(t)
	path := writeFile(t, inventory)
	p := b.plugins["mysql-source"]
	if code := b.execute([]string{"validate", path}); code != exitOK || !p.live || !p.killed {
		t.Errorf("exit code %d, live %t, killed %t", code, p.live, p.killed)
	}
	if p.config != `{"host":"db1","password":"hunter22"}` {
		t.Errorf("the plugin got %s", p.config)
	}
	if code := b.execute([]string{"validate", "--static", path}); code != exitOK || p.live {
		t.Errorf("exit code %d, live %t", code, p.live)
	}
}

func TestValidateTellsEachPluginWhatTheOneBeforeExpectsToSend(t *testing.T) {
	b := newBench(t)
	b.plugins["avro-transform"] = &fakePlugin{describe: &leatv1.DescribeResponse{Kind: leatv1.Kind_KIND_TRANSFORM}}
	tables := []*leatv1.Stream{{Database: "d", Table: "t"}}
	topics := []*leatv1.Stream{{Database: "d", Table: "t", Topic: "d.t"}}
	b.plugins["mysql-source"].streams, b.plugins["avro-transform"].streams = tables, topics
	path := writeFile(t, between("avro-transform"))
	if code := b.execute([]string{"validate", path}); code != exitOK {
		t.Errorf("exit code %d: %s", code, b.out)
	}
	for name, want := range map[string][]*leatv1.Stream{"mysql-source": nil, "avro-transform": tables, "kafka-sink": topics} {
		if diff := cmp.Diff(want, b.plugins[name].expected, protocmp.Transform()); diff != "" {
			t.Errorf("%s was told (-want +got):\n%s", name, diff)
		}
	}
	if code := b.execute([]string{"validate", "--static", path}); code != exitOK || b.plugins["kafka-sink"].expected != nil {
		t.Errorf("exit code %d, told %v without connections", code, b.plugins["kafka-sink"].expected)
	}
}

func TestValidateJSON(t *testing.T) {
	b := newBench(t)
	b.finding("mysql-source", refused)
	path := writeFile(t, inventory)
	if code := b.execute([]string{"validate", "--json", path}); code != exitFindings {
		t.Errorf("exit code %d", code)
	}
	var got []map[string]any
	if err := json.Unmarshal([]byte(b.out.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{{
		"severity": "error", "pipeline": "inventory", "stage": "source", "check": "login",
		"file": path, "line": 6.0, "column": 5.0, "path": "source.config.password",
		"message": "${LEAT_TEST_PASSWORD} refused", "cure": "set another",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestValidateJSONIsAListWhenNothingIsFound(t *testing.T) {
	b := newBench(t)
	if code := b.execute([]string{"validate", "--json", writeFile(t, inventory)}); code != exitOK || b.out.String() != "[]\n" {
		t.Errorf("exit code %d, got %q", code, b.out)
	}
}
