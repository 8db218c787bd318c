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

// source is the block that says where a change comes from: its fields are in
// the order of the envelope's schema.
type source struct {
	// begin has version, connector and name.
	begin []byte
	// snapshot has the mark, db and sequence, by the mark.
	snapshot [len(snapshots)][]byte
	table    []byte
}

func newSource(name, database, table string) source {
	s := source{table: appendOptionalString(nil, table)}
	for _, text := range []string{debezium.Version, "mysql", name} {
		s.begin = avro.AppendString(s.begin, text)
	}
	for i, word := range snapshots {
		mark := avro.AppendString([]byte{0}, word) // the first branch is the value: it has a default
		s.snapshot[i] = append(avro.AppendString(mark, database), null)
	}
	return s
}

// appendHead adds what stands before pos and row.
func (s *source) appendHead(b []byte, c *sdk.Change) []byte {
	o := c.Origin
	b = append(b, s.begin...)
	b = avro.AppendLong(b, floorDiv(o.Time, 1000))
	b = append(b, s.snapshot[c.Snapshot]...)
	b = appendOptional(b, o.Time)
	b = appendOptional(b, o.Time*1000)
	b = append(b, s.table...)
	b = avro.AppendLong(b, int64(o.Server))
	b = appendOptionalString(b, o.Transaction)
	return avro.AppendString(b, o.Log)
}

// appendTail adds what stands behind them.
func appendTail(b []byte, o *sdk.Origin) []byte {
	if o.Thread == 0 {
		b = append(b, null)
	} else {
		b = appendOptional(b, int64(o.Thread))
	}
	return appendOptionalString(b, o.Query)
}

func appendOptional(b []byte, v int64) []byte { return avro.AppendLong(append(b, value), v) }

// appendOptionalString adds null for the empty string.
func appendOptionalString(b []byte, s string) []byte {
	if s == "" {
		return append(b, null)
	}
	return avro.AppendString(append(b, value), s)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
