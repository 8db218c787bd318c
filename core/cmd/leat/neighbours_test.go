package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

const (
	change  = leatv1.RecordKind_RECORD_KIND_CHANGE
	message = leatv1.RecordKind_RECORD_KIND_MESSAGE
)

// neighbours is a bench whose plugins say which kinds of record they take and send.
func neighbours(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	kinds := func(k ...leatv1.RecordKind) []leatv1.RecordKind { return k }
	b.plugins["mysql-source"].describe.Emits = kinds(change)
	b.plugins["kafka-sink"].describe.Accepts = kinds(message)
	more := map[string]*leatv1.DescribeResponse{
		"avro-transform": {Kind: leatv1.Kind_KIND_TRANSFORM, Accepts: kinds(change), Emits: kinds(message)},
		"mask":           {Kind: leatv1.Kind_KIND_TRANSFORM, Accepts: kinds(change), Emits: kinds(change)},
		"rename":         {Kind: leatv1.Kind_KIND_TRANSFORM, Accepts: kinds(message), Emits: kinds(message)},
		"either":         {Kind: leatv1.Kind_KIND_TRANSFORM, Accepts: kinds(message, change), Emits: kinds(message, change)},
		"silent":         {Kind: leatv1.Kind_KIND_TRANSFORM},
		"warehouse":      {Kind: leatv1.Kind_KIND_SINK, Accepts: kinds(change)},
		"queue":          {Kind: leatv1.Kind_KIND_SOURCE, Emits: kinds(message)},
	}
	for name, d := range more {
		b.plugins[name] = &fakePlugin{describe: d}
	}
	return b
}

// between puts a transform into the pipeline file.
func between(name string) string {
	return strings.Replace(inventory, "sinks:", "transform: {plugin: "+name+"}\nsinks:", 1)
}

func TestNeighbours(t *testing.T) {
	const none = "0 ok, 0 warnings, 0 errors\n"
	tests := map[string]struct {
		file string
		want string
	}{
		"OK":                              {between("avro-transform"), none},
		"a transform that takes either":   {between("either"), none},
		"a transform that says nothing":   {between("silent"), none},
		"messages all the way":            {strings.Replace(inventory, "mysql-source", "queue", 1), none},
		"changes all the way":             {strings.Replace(inventory, "kafka-sink", "warehouse", 1), none},
		"a plugin that cannot be started": {between("missing"), "error    FILE:7:13: transform.plugin: plugin not found: missing\n0 ok, 0 warnings, 1 error\n"},
		"changes to a sink of messages": {inventory, `error    FILE:9:5: sinks.kafka.plugin: kafka-sink takes messages, but mysql-source sends it changes
         add a transform that makes messages of changes: transform: {plugin: avro-transform, config: {…}}
0 ok, 0 warnings, 1 error
`},
		"messages to a sink of changes": {strings.Replace(strings.Replace(inventory, "mysql-source", "queue", 1), "kafka-sink", "warehouse", 1), `error    FILE:9:5: sinks.kafka.plugin: warehouse takes changes, but queue sends it messages
         add a transform that makes changes of messages
0 ok, 0 warnings, 1 error
`},
		"a transform's messages to a sink of changes": {strings.Replace(between("avro-transform"), "kafka-sink", "warehouse", 1), `error    FILE:10:5: sinks.kafka.plugin: warehouse takes changes, but avro-transform sends it messages
         name a sink that takes messages, or a transform that makes changes, or remove the transform
0 ok, 0 warnings, 1 error
`},
		"a transform's changes to a sink of messages": {between("mask"), `error    FILE:10:5: sinks.kafka.plugin: kafka-sink takes messages, but mask sends it changes
         name a sink that takes changes, or a transform that makes messages, or remove the transform
0 ok, 0 warnings, 1 error
`},
		"changes to a transform of messages": {between("rename"), `error    FILE:7:13: transform.plugin: rename takes messages, but mysql-source sends it changes
         name a transform that takes changes, or remove it
0 ok, 0 warnings, 1 error
`},
		"one of two sinks": {inventory + "  warehouse: {plugin: warehouse}\n", `error    FILE:9:5: sinks.kafka.plugin: kafka-sink takes messages, but mysql-source sends it changes
         add a transform that makes messages of changes: transform: {plugin: avro-transform, config: {…}}
0 ok, 0 warnings, 1 error
`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, flags := range [][]string{nil, {"--static"}} {
				b := neighbours(t)
				path := writeFile(t, tt.file)
				code := b.execute(append([]string{"validate", path}, flags...))
				if want := map[bool]int{true: exitOK, false: exitFindings}[tt.want == none]; code != want {
					t.Errorf("exit code %d, want %d", code, want)
				}
				if diff := cmp.Diff(tt.want, without(path, b.out.String())); diff != "" {
					t.Errorf("with %v: %s", flags, diff)
				}
			}
		})
	}
}

func TestRunRefusesNeighboursThatDoNotFit(t *testing.T) {
	b := neighbours(t)
	b.run = func(context.Context, []*pipeline.Definition, engine.Settings) error { return errors.New("it ran") }
	path := writeFile(t, inventory)
	if code := b.execute([]string{"run", path}); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	want := "sinks.kafka.plugin: kafka-sink takes messages, but mysql-source sends it changes (add a transform that makes messages"
	if !strings.Contains(b.err.String(), want) {
		t.Errorf("got %q, want %q", b.err, want)
	}
}
