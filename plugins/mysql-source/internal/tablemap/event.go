package tablemap

import (
	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// event is a TABLE_MAP event with its optional metadata by column.
type event struct {
	*replication.TableMapEvent
	collations, geometryTypes map[int]uint64
	unsigned, visible         map[int]bool
	rawLabels                 map[int][][]byte
}

func read(m *replication.TableMapEvent) *event {
	v := &event{
		TableMapEvent: m, collations: table.EventCollations(m), geometryTypes: map[int]uint64{},
		unsigned: m.UnsignedMap(), visible: m.VisibilityMap(), rawLabels: map[int][][]byte{},
	}
	enums, sets, geometries := m.EnumStrValue, m.SetStrValue, m.GeometryType
	for i := range int(m.ColumnCount) {
		switch {
		case m.IsEnumColumn(i):
			enums = next(enums, i, v.rawLabels)
		case m.IsSetColumn(i):
			sets = next(sets, i, v.rawLabels)
		case m.IsGeometryColumn(i):
			geometries = next(geometries, i, v.geometryTypes)
		}
	}
	return v
}

// next gives a column the first of the values that the event lists for its kind.
func next[T any](values []T, i int, into map[int]T) []T {
	if len(values) == 0 {
		return nil
	}
	into[i] = values[0]
	return values[1:]
}

// Named says whether the event tells the names of the columns, and with them all
// else that binlog_row_metadata=FULL adds.
func Named(m *replication.TableMapEvent) bool {
	return m.ColumnCount > 0 && len(m.ColumnName) == int(m.ColumnCount)
}
