package envelope

import (
	"github.com/leat-io/leat/plugins/avro-transform/internal/debezium"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/avro"
)

// snapshots are Debezium's words for a snapshot's marks.
var snapshots = [...]string{
	sdk.NotSnapshot:          "false",
	sdk.SnapshotTrue:         "true",
	sdk.SnapshotFirst:        "first",
	sdk.SnapshotFirstInTable: "first_in_data_collection",
	sdk.SnapshotLastInTable:  "last_in_data_collection",
	sdk.SnapshotLast:         "last",
	sdk.SnapshotIncremental:  "incremental",
}

// source writes the block that says where a change comes from.
type source struct {
	// head has version, connector and name.
	head []byte
	// snapshot has the mark, db and sequence, by the mark.
	snapshot [len(snapshots)][]byte
	table    []byte
}

func newSource(name, database, table string) source {
	s := source{
		head: run(func(w *avro.Writer) {
			w.WriteString(debezium.Version)
			w.WriteString("mysql")
			w.WriteString(name)
		}),
		table: run(func(w *avro.Writer) { optionalString(w, table) }),
	}
	for i, word := range snapshots {
		s.snapshot[i] = run(func(w *avro.Writer) {
			w.WriteLong(0) // the value: this union has a default
			w.WriteString(word)
			w.WriteString(database)
			w.WriteLong(null) // sequence
		})
	}
	return s
}

func (s *source) write(w *avro.Writer, c *sdk.Change) {
	o := c.Origin
	write(w, s.head)
	w.WriteLong(floorDiv(o.Time, 1000))
	write(w, s.snapshot[c.Snapshot])
	optional(w, o.Time)
	optional(w, o.Time*1000)
	write(w, s.table)
	w.WriteLong(int64(o.Server))
	optionalString(w, o.Transaction)
	w.WriteString(o.Log)
	w.WriteLong(int64(c.Offset))
	w.WriteInt(int32(c.Row))
	if o.Thread == 0 {
		w.WriteLong(null)
	} else {
		optional(w, int64(o.Thread))
	}
	optionalString(w, o.Query)
}

func run(fill func(*avro.Writer)) []byte {
	w := avro.NewWriter(64)
	fill(w)
	return w.Buffer()
}

// write adds bytes that are encoded already; a writer without an output cannot fail.
func write(w *avro.Writer, b []byte) { _, _ = w.Write(b) }

func optional(w *avro.Writer, v int64) {
	w.WriteLong(value)
	w.WriteLong(v)
}

// optionalString writes null for the empty string.
func optionalString(w *avro.Writer, s string) {
	if s == "" {
		w.WriteLong(null)
		return
	}
	w.WriteLong(value)
	w.WriteString(s)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
