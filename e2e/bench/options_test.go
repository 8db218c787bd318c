package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args string
		err  []string
	}{
		"OK":                     {args: "-contenders leat -rows 20000 -rounds 1 -workloads snapshot,huge"},
		"an argument":            {args: "leat", err: []string{`"leat" is not a flag`}},
		"an unknown contender":   {args: "-contenders leat,maxwell", err: []string{`"maxwell" is not one of leat, debezium`}},
		"no contender":           {args: "-contenders none", err: []string{"names none"}},
		"numbers that are small": {args: "-rounds 0 -rows 1 -latency-time 1ms", err: []string{"-rounds is 0", "-rows is 1", "-latency-time is 1ms"}},
		"an unknown flag":        {args: "-turbo", err: []string{"turbo"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, err := parse(strings.Fields(tt.args))
			if len(tt.err) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff([]string{"snapshot", "huge"}, o.workloads); d != "" {
					t.Error(d)
				}
				return
			}
			for _, want := range tt.err {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("err = %v, want %q", err, want)
				}
			}
		})
	}
}

func TestParseDefaults(t *testing.T) {
	t.Parallel()
	o, err := parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"snapshot", "backlog", "single", "wide", "latency", "huge"}, o.workloads); d != "" {
		t.Error(d)
	}
	if o.rows != 1_000_000 || o.rounds != 3 || !o.again || !o.has(nameLeat) || !o.has(nameDebezium) {
		t.Errorf("defaults %+v", o)
	}
}

func TestContenders(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args    string
		latency bool
		want    []string
	}{
		"both, and leat against itself": {want: []string{"leat", "debezium", "leat-again"}},
		"latency":                       {latency: true, want: []string{"leat", "debezium", "debezium-poll10ms", "leat-again"}},
		"leat alone":                    {args: "-contenders leat -aa=false", latency: true, want: []string{"leat"}},
		"Debezium alone":                {args: "-contenders debezium", want: []string{"debezium"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, err := parse(strings.Fields(tt.args))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range (&bench{options: o}).contenders(nil, tt.latency) {
				got = append(got, c.Name())
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
