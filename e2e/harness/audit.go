package harness

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/consume"
)

// Audit reads a topic and judges it against the table: each row in its last
// state, every version of it in order, none missing.
//
// The table has a key `id` and a column `v` that starts at 1 and rises by one
// with each update. A crash may send versions again, from an earlier one on; it
// must not leave one out.
type Audit struct {
	t        testing.TB
	consumer *consume.Consumer
	versions map[int64]int64 // the newest version seen of each row
	current  map[int64]int64 // the version that the topic shows; absent: deleted
	Records  int
	// Again is the number of versions that came more than once.
	Again  int
	faults []string
}

// NewAudit begins to read a topic.
func (l *Lab) NewAudit(t testing.TB, topic string) *Audit {
	t.Helper()
	c, err := consume.New(l.Kafka.Bootstrap, l.Registry.URL, "^"+topic+"$")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &Audit{t: t, consumer: c, versions: map[int64]int64{}, current: map[int64]int64{}}
}

// Until reads until the topic shows exactly these rows (version by id), and
// fails the test if it does not within the patience, or if a version is missing.
func (a *Audit) Until(rows map[int64]int64, patience time.Duration) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), patience)
	defer cancel()
	for !maps.Equal(a.current, rows) && ctx.Err() == nil {
		records, err := a.consumer.Poll(ctx)
		if err != nil {
			a.t.Fatal(err)
		}
		for _, r := range records {
			a.take(r)
		}
	}
	if len(a.faults) > 0 {
		a.t.Fatalf("%d faults, first:\n%s", len(a.faults), strings.Join(a.faults[:min(10, len(a.faults))], "\n"))
	}
	if !maps.Equal(a.current, rows) {
		a.t.Fatalf("after %v and %d records the topic does not show the table: %s", patience, a.Records, difference(rows, a.current))
	}
}

// Quiet reads for a while longer, and fails the test if the topic shows other
// rows then.
func (a *Audit) Quiet(rows map[int64]int64, d time.Duration) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), d)
	defer cancel()
	for ctx.Err() == nil {
		records, err := a.consumer.Poll(ctx)
		if err != nil {
			a.t.Fatal(err)
		}
		for _, r := range records {
			a.take(r)
		}
	}
	if !maps.Equal(a.current, rows) {
		a.t.Fatalf("after %v more and %d records the topic does not show the table: %s", d, a.Records, difference(rows, a.current))
	}
}

func (a *Audit) take(r *consume.Record) {
	a.Records++
	id := Int(r.Key["id"])
	if r.Value == nil {
		if _, there := a.current[id]; there {
			a.fault(r, "tombstone of id %d, which was not deleted before", id)
		}
		return
	}
	if r.Op() == "d" {
		a.version(r, id, Int(r.Before()["v"]))
		delete(a.current, id)
		return
	}
	v := Int(r.After()["v"])
	a.version(r, id, v)
	a.current[id] = v
}

func (a *Audit) version(r *consume.Record, id, v int64) {
	switch newest := a.versions[id]; {
	case v > newest+1 && r.Op() != "r":
		a.fault(r, "id %d: version %d after %d", id, v, newest)
	case v <= newest && r.Op() != "d":
		a.Again++
	}
	a.versions[id] = max(a.versions[id], v)
}

func (a *Audit) fault(r *consume.Record, format string, args ...any) {
	a.faults = append(a.faults, fmt.Sprintf("offset %d: ", r.Offset)+fmt.Sprintf(format, args...))
}

// Int returns a number of any width that Avro decodes to.
func Int(v any) int64 {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int32:
		return int64(v)
	case int64:
		return v
	case map[string]any: // a union's branch
		for _, inner := range v {
			return Int(inner)
		}
	}
	return -1
}

func difference(want, got map[int64]int64) string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(want)) {
		if g, ok := got[id]; !ok || g != want[id] {
			out = append(out, fmt.Sprintf("id %d is at %d, want %d", id, g, want[id]))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[id]; !ok {
			out = append(out, fmt.Sprintf("id %d is there at %d, want none", id, got[id]))
		}
	}
	return fmt.Sprintf("%d rows differ: %s", len(out), strings.Join(out[:min(10, len(out))], "; "))
}

// Rows reads the version of each row from the table itself.
func (l *Lab) Rows(t testing.TB, table string) map[int64]int64 {
	t.Helper()
	conn, err := l.MySQL.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r, err := conn.Execute("SELECT id, v FROM " + table)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int64]int64{}
	for i := range r.Values {
		id, err := r.GetInt(i, 0)
		if err != nil {
			t.Fatal(err)
		}
		v, err := r.GetInt(i, 1)
		if err != nil {
			t.Fatal(err)
		}
		out[id] = v
	}
	return out
}
