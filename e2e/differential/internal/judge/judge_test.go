package judge_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/differential/internal/avro"
	"github.com/leat-io/leat/e2e/differential/internal/judge"
	"github.com/leat-io/leat/e2e/differential/internal/topics"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

const (
	keySchema   = `{"type":"record","name":"Key","namespace":"PREFIX.d.t","fields":[{"name":"id","type":"int"}],"connect.name":"PREFIX.d.t.Key"}`
	valueSchema = `{"type":"record","name":"Envelope","namespace":"PREFIX.d.t","fields":[
		{"name":"before","type":["null",{"type":"record","name":"Value","fields":[{"name":"id","type":"int"},
			{"name":"a","type":{"type":"int","connect.default":5},"default":5},{"name":"b","type":["null","string"],"default":null}]}],"default":null},
		{"name":"after","type":["null","Value"],"default":null},
		{"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"ts_ms","type":"long"},{"name":"file","type":"string"}]}},
		{"name":"op","type":"string"},{"name":"ts_ms","type":["null","long"],"default":null}],"connect.version":2}`
)

const topic = "PREFIX.d.t"

func schema(t *testing.T, text string) *avro.Schema {
	t.Helper()
	s, err := avro.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// side is a topic with a snapshot of one row and a stream of changes of two keys.
func side(t *testing.T) topics.Side {
	t.Helper()
	key, value := schema(t, keySchema), schema(t, valueSchema)
	record := func(id int64, op string, a int64) *topics.Record {
		r := &topics.Record{
			Key: tree.Object{{Name: "id", Value: id}}, KeySchema: key,
			Headers: []topics.Header{{Name: "__debezium.context.taskId", Value: "0"}, {Name: "__debezium.context.runId", Value: t.Name()}},
		}
		if op != "" {
			row := tree.Object{{Name: "id", Value: id}, {Name: "a", Value: a}, {Name: "b", Value: "text"}}
			r.ValueSchema = value
			r.Value = tree.Object{
				{Name: "before", Value: nil},
				{Name: "after", Value: row},
				{Name: "source", Value: tree.Object{{Name: "ts_ms", Value: int64(1)}, {Name: "file", Value: "binlog.000001"}}},
				{Name: "op", Value: op},
				{Name: "ts_ms", Value: int64(2)},
			}
		}
		return r
	}
	return topics.Side{topic: {
		Records: []*topics.Record{record(1, "r", 1), record(1, "u", 2), record(2, "c", 3), record(1, "u", 4), record(2, "d", 5), record(2, "", 0)},
		Keys:    []*avro.Schema{key}, Values: []*avro.Schema{value},
	}}
}

// set replaces a value within a record's value.
func set(r *topics.Record, to any, path ...string) { r.Value = replaced(r.Value, to, path) }

func replaced(v, to any, path []string) any {
	if len(path) == 0 {
		return to
	}
	o := slices.Clone(v.(tree.Object))
	for i := range o {
		if o[i].Name == path[0] {
			o[i].Value = replaced(o[i].Value, to, path[1:])
		}
	}
	return o
}

// TestCompare damages what leat has written, and wants it seen where it is.
func TestCompare(t *testing.T) {
	t.Parallel()
	// reschema gives all records another value schema.
	reschema := func(t *testing.T, s topics.Side, old, with string) {
		if !strings.Contains(valueSchema, old) {
			t.Fatalf("%s is not in the schema", old)
		}
		other := schema(t, strings.Replace(valueSchema, old, with, 1))
		for _, r := range s[topic].Records {
			if r.Value != nil {
				r.ValueSchema = other
			}
		}
		s[topic].Values = []*avro.Schema{other}
	}
	tests := map[string]struct {
		damage func(t *testing.T, s topics.Side)
		want   []string // part and path
	}{
		"OK":                             {func(*testing.T, topics.Side) {}, nil},
		"clock of the connector":         {func(_ *testing.T, s topics.Side) { set(s[topic].Records[1], int64(9), "ts_ms") }, nil},
		"identity of the run":            {func(_ *testing.T, s topics.Side) { s[topic].Records[1].Headers[1].Value = "other" }, nil},
		"place of the snapshot":          {func(_ *testing.T, s topics.Side) { set(s[topic].Records[0], "binlog.000009", "source", "file") }, nil},
		"place of a change":              {func(_ *testing.T, s topics.Side) { set(s[topic].Records[1], "binlog.000009", "source", "file") }, []string{"value source.file"}},
		"time of a commit":               {func(_ *testing.T, s topics.Side) { set(s[topic].Records[1], int64(9), "source", "ts_ms") }, []string{"value source.ts_ms"}},
		"value":                          {func(_ *testing.T, s topics.Side) { set(s[topic].Records[2], int64(9), "after", "a") }, []string{"value after.a"}},
		"null in the place of text":      {func(_ *testing.T, s topics.Side) { set(s[topic].Records[2], nil, "after", "b") }, []string{"value after.b"}},
		"row missing":                    {func(_ *testing.T, s topics.Side) { set(s[topic].Records[2], nil, "after") }, []string{"value after"}},
		"op":                             {func(_ *testing.T, s topics.Side) { set(s[topic].Records[2], "u", "op") }, []string{"value op"}},
		"header":                         {func(_ *testing.T, s topics.Side) { s[topic].Records[3].Headers[0].Value = "1" }, []string{"header __debezium.context.taskId"}},
		"headers in another order":       {func(_ *testing.T, s topics.Side) { slices.Reverse(s[topic].Records[3].Headers) }, []string{"header (order)"}},
		"record dropped":                 {func(_ *testing.T, s topics.Side) { drop(s, 3) }, []string{"records count"}},
		"record of the snapshot dropped": {func(_ *testing.T, s topics.Side) { drop(s, 0) }, []string{"records count"}},
		"tombstone dropped":              {func(_ *testing.T, s topics.Side) { drop(s, 5) }, []string{"records count"}},
		"record twice":                   {func(_ *testing.T, s topics.Side) { s[topic].Records = append(s[topic].Records, s[topic].Records[3]) }, []string{"records count"}},
		"two of one key swapped":         {func(_ *testing.T, s topics.Side) { swap(s, 1, 3) }, []string{"value after.a", "value after.a"}},
		"two of different keys swapped":  {func(_ *testing.T, s topics.Side) { swap(s, 1, 2) }, []string{"records order"}},
		"key": {func(_ *testing.T, s topics.Side) {
			s[topic].Records[2].Key = tree.Object{{Name: "id", Value: int64(7)}}
		}, []string{"key id"}},
		"fields in another order":     {func(_ *testing.T, s topics.Side) { reorder(s[topic].Records[2]) }, []string{"value after.(order)"}},
		"topic missing":               {func(_ *testing.T, s topics.Side) { delete(s, topic) }, []string{"records topic"}},
		"topic too many":              {func(_ *testing.T, s topics.Side) { s["PREFIX.d.u"] = &topics.Topic{} }, []string{"records topic"}},
		"default in a schema":         {func(t *testing.T, s topics.Side) { reschema(t, s, `"default":5}`, `"default":6}`) }, []string{"value schema fields.before.type.Value.fields.a"}},
		"connect.default in a schema": {func(t *testing.T, s topics.Side) { reschema(t, s, `"connect.default":5`, `"connect.default":6`) }, []string{"value schema fields.before.type.Value.fields.a"}},
		"type in a schema":            {func(t *testing.T, s topics.Side) { reschema(t, s, `["null","string"]`, `["null","bytes"]`) }, []string{"value schema fields.before.type.Value.fields.b"}},
		"order of a union": {func(t *testing.T, s topics.Side) {
			reschema(t, s, `["null","string"],"default":null`, `["string","null"]`)
		}, []string{"value schema fields.before.type.Value.fields.b"}},
		"version in a schema":                       {func(t *testing.T, s topics.Side) { reschema(t, s, `"connect.version":2`, `"connect.version":3`) }, []string{"value schema connect.version"}},
		"property missing in a schema":              {func(t *testing.T, s topics.Side) { reschema(t, s, `,"connect.version":2`, ``) }, []string{"value schema connect.version"}},
		"version of a schema registered needlessly": {func(t *testing.T, s topics.Side) { s[topic].Values = append(s[topic].Values, s[topic].Values[0]) }, []string{"versions value schema"}},
	}
	volatile, err := judge.ReadVolatile()
	if err != nil {
		t.Fatal(err)
	}
	j := &judge.Judge{Volatile: volatile, Rules: judge.Rules()}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leat := side(t)
			test.damage(t, leat)
			var got []string
			for _, d := range j.Compare(side(t), leat) {
				if d.Rule != "" {
					t.Errorf("explained by %s: %s", d.Rule, d)
				}
				got = append(got, fmt.Sprintf("%s %s", d.Part, d.Path))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

func drop(s topics.Side, i int) { s[topic].Records = slices.Delete(s[topic].Records, i, i+1) }

func swap(s topics.Side, i, j int) {
	records := s[topic].Records
	records[i], records[j] = records[j], records[i]
}

func reorder(r *topics.Record) {
	row := slices.Clone(tree.Get(r.Value, "after").(tree.Object))
	slices.Reverse(row)
	set(r, row, "after")
}

// TestCompareCountsVersions: their number may differ by what a rule explains, and by nothing else.
func TestCompareCountsVersions(t *testing.T) {
	t.Parallel()
	changed := func(s topics.Side) {
		other := schema(t, strings.Replace(valueSchema, `"connect.default":5},"default":5`, `"connect.default":6},"default":6`, 1))
		s[topic].Records[4].ValueSchema = other
		s[topic].Values = append(s[topic].Values, other)
	}
	volatile, err := judge.ReadVolatile()
	if err != nil {
		t.Fatal(err)
	}
	rule := judge.Rule{Name: "six", Explains: func(d judge.Difference) bool { return d.Part == judge.ValueSchema && d.Column == "a" }}
	tests := map[string]struct {
		rules  []judge.Rule
		damage func(topics.Side)
		want   []string // part and rule
	}{
		"OK":            {[]judge.Rule{rule}, changed, []string{"value schema six", "versions six"}},
		"not explained": {nil, changed, []string{"value schema ", "versions "}},
		"version of none": {[]judge.Rule{rule}, func(s topics.Side) {
			changed(s)
			s[topic].Values = append(s[topic].Values, schema(t, valueSchema))
		}, []string{"value schema six", "versions "}},
		"version twice": {[]judge.Rule{rule}, func(s topics.Side) {
			changed(s)
			s[topic].Values = append(s[topic].Values, s[topic].Values[1])
		}, []string{"value schema six", "versions "}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leat := side(t)
			test.damage(leat)
			var got []string
			for _, d := range (&judge.Judge{Volatile: volatile, Rules: test.rules}).Compare(side(t), leat) {
				got = append(got, string(d.Part)+" "+d.Rule)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompareTakesASnapshotInAnyOrder(t *testing.T) {
	t.Parallel()
	record := func(v int64) *topics.Record {
		row := tree.Object{{Name: "v", Value: v}}
		return &topics.Record{Value: tree.Object{{Name: "after", Value: row}, {Name: "op", Value: "r"}}}
	}
	debezium := topics.Side{topic: {Records: []*topics.Record{record(1), record(2), record(2)}}}
	leat := topics.Side{topic: {Records: []*topics.Record{record(2), record(1), record(2)}}}
	j := &judge.Judge{}
	if got := j.Compare(debezium, leat); got != nil {
		t.Errorf("got %v, want none", got)
	}
	leat[topic].Records[0] = record(3)
	if got := j.Compare(debezium, leat); len(got) == 0 {
		t.Error("another row is not seen")
	}
}

// TestCompareExplainsASnapshotInAnyOrder: what a rule explains does not make a row another row.
func TestCompareExplainsASnapshotInAnyOrder(t *testing.T) {
	t.Parallel()
	record := func(v, w any) *topics.Record {
		row := tree.Object{{Name: "v", Value: v}, {Name: "w", Value: w}}
		return &topics.Record{Value: tree.Object{{Name: "after", Value: row}, {Name: "op", Value: "r"}}}
	}
	zero, one := int64(0), int64(1)
	debezium := topics.Side{topic: {Records: []*topics.Record{record(zero, one), record(zero, zero), record(one, zero)}}}
	leat := topics.Side{topic: {Records: []*topics.Record{record(nil, zero), record(one, zero), record(zero, one)}}}
	zeroForNull := judge.Rule{Name: "zero", Explains: func(d judge.Difference) bool {
		return d.Path == "after.v" && d.Debezium == zero && d.Leat == nil
	}}
	got := (&judge.Judge{Rules: []judge.Rule{zeroForNull}}).Compare(debezium, leat)
	if len(got) != 1 || got[0].Rule != "zero" {
		t.Errorf("got %v, want only the one that the rule explains", got)
	}
	if got := (&judge.Judge{}).Compare(debezium, leat); len(got) == 0 {
		t.Error("without the rule there is no difference")
	}
}

// TestCompareKeepsSides: what is compared is not changed by it.
func TestCompareKeepsSides(t *testing.T) {
	t.Parallel()
	debezium, leat := side(t), side(t)
	want := slices.Sorted(maps.Keys(debezium))
	delete(leat, topic)
	(&judge.Judge{}).Compare(debezium, leat)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(debezium))); diff != "" || len(leat) != 0 {
		t.Errorf("sides have changed (-want +got):\n%s", diff)
	}
}
