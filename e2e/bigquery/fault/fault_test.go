package fault

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	const ok, lost, down = codes.OK, codes.DataLoss, codes.Unavailable
	one := Outcome{Code: lost}
	two := Outcome{Code: down}
	tests := map[string]struct {
		rules   []Rule
		calls   []string // call@table
		want    []codes.Code
		pending int
	}{
		"OK":            {nil, []string{"AppendRows@d.t"}, []codes.Code{ok}, 0},
		"once":          {[]Rule{{Outcome: one}}, []string{"AppendRows@d.t", "AppendRows@d.t"}, []codes.Code{lost, ok}, 0},
		"some times":    {[]Rule{{Times: 2, Outcome: one}}, []string{"AppendRows@a.a", "AppendRows@b.b", "AppendRows@c.c"}, []codes.Code{lost, lost, ok}, 0},
		"always":        {[]Rule{{Times: Always, Outcome: one}}, []string{"AppendRows@a.a", "AppendRows@b.b"}, []codes.Code{lost, lost}, 1},
		"later":         {[]Rule{{After: 1, Outcome: one}}, []string{"AppendRows@a.a", "AppendRows@a.a"}, []codes.Code{ok, lost}, 0},
		"one table":     {[]Rule{{Table: "d.t", Outcome: one}}, []string{"AppendRows@d.x", "AppendRows@d.t"}, []codes.Code{ok, lost}, 0},
		"another call":  {[]Rule{{Call: "tables.get", Outcome: one}}, []string{"AppendRows@d.t", "tables.get@d.t"}, []codes.Code{ok, lost}, 0},
		"rule by rule":  {[]Rule{{Outcome: one}, {Outcome: two}}, []string{"AppendRows@a.a", "AppendRows@a.a"}, []codes.Code{lost, down}, 0},
		"not yet there": {[]Rule{{After: 5, Outcome: one}}, []string{"AppendRows@a.a"}, []codes.Code{ok}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p Plan
			for _, r := range tt.rules {
				p.Add(r)
			}
			var got []codes.Code
			for _, c := range tt.calls {
				call, table := split(c)
				got = append(got, p.Next(call, table).Code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if p.Pending() != tt.pending {
				t.Errorf("%d rules are pending, want %d", p.Pending(), tt.pending)
			}
			if p.Clear(); p.Pending() != 0 {
				t.Error("rules are left after Clear")
			}
		})
	}
}

func split(s string) (call, table string) {
	call, table, _ = strings.Cut(s, "@")
	return call, table
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	type traits struct {
		code           codes.Code
		applied, ended bool
	}
	for name, tt := range map[string]struct {
		got  Outcome
		want traits
	}{
		"unavailable": {Unavailable(), traits{codes.Unavailable, false, true}},
		"ack lost":    {AckLost(), traits{codes.Unavailable, true, true}},
		"reset":       {StreamReset(), traits{codes.Internal, false, true}},
		"aborted":     {Aborted(), traits{codes.Aborted, false, false}},
		"throughput":  {ThroughputExceeded(), traits{codes.ResourceExhausted, false, false}},
		"slow":        {SlowAck(1), traits{codes.OK, false, false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (traits{tt.got.Code, tt.got.Applied, tt.got.Break}); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
