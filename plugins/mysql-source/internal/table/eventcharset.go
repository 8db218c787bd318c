package table

import "github.com/go-mysql-org/go-mysql/replication"

// EventCollations gives the number of the collation of each column for which the
// event has one; byte strings have that of the binary set.
func EventCollations(m *replication.TableMapEvent) map[int]uint64 {
	out := map[int]uint64{}
	character := func(i int) bool { return isCharacter(m, i) }
	collect(m, out, character, m.DefaultCharset, m.ColumnCharset)
	collect(m, out, m.IsEnumOrSetColumn, m.EnumSetDefaultCharset, m.EnumSetColumnCharset)
	return out
}

// collect takes one group of columns, as checkCollations does.
func collect(m *replication.TableMapEvent, out map[int]uint64, member func(int) bool, defaults, each []uint64) {
	n := 0
	for i := range int(m.ColumnCount) {
		if !member(i) {
			continue
		}
		if id, ok := listed(n, defaults, each); ok {
			out[i] = id
		}
		n++
	}
}
