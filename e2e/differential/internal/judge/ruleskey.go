package judge

import "github.com/leat-io/leat/e2e/differential/internal/tree"

func keyRules() []Rule {
	return []Rule{
		{Name: "key-nullable", Explains: explainsKeyNullable},
		{Name: "srid-nullable", Explains: explainsSRIDNullable},
		{Name: "key-index-dropped", Named: true, Explains: explainsKeyIndexDropped},
		{Name: "compressed-row", Named: true, Explains: explainsCompressedRow},
		{Name: "snapshot-order", Named: true, Explains: explainsSnapshotOrder},
	}
}

// explainsKeyNullable: a column of the primary key may be null there.
func explainsKeyNullable(d Difference) bool {
	return isField(d) && d.InKey && onlyNullable(d)
}

// explainsSRIDNullable: NOT NULL is lost behind which SRID stands there.
func explainsSRIDNullable(d Difference) bool {
	reference, _ := typeOf(d.Debezium).(string)
	return isField(d) && onlyNullable(d) && (semantic(d.Debezium) == semanticGeometry || reference == semanticGeometry)
}

// onlyNullable tells whether a field differs in that it may be null there, and has no default.
func onlyNullable(d Difference) bool {
	branches, ok := tree.Get(d.Debezium, "type").([]any)
	if !ok || len(branches) != 2 || branches[0] != "null" {
		return false
	}
	required := tree.Object{{Name: "name", Value: d.Column}, {Name: "type", Value: branches[1]}}
	return tree.Get(d.Debezium, "default") == nil && equal(required, d.Leat)
}

// explainsKeyIndexDropped: a unique index that is gone still makes the key there.
func explainsKeyIndexDropped(d Difference) bool {
	return d.Phase == Stream && (d.Part == Key || d.Part == KeySchema) ||
		d.Part == Versions && d.Path == string(KeySchema)
}

// explainsCompressedRow: the rows of a compressed transaction are counted anew for each of its
// events there, though all events have the same position.
func explainsCompressedRow(d Difference) bool {
	theirs, ok1 := d.Debezium.(int64)
	ours, ok2 := d.Leat.(int64)
	return d.Part == Value && d.Phase == Stream && d.Path == "source.row" && ok1 && ok2 && ours > theirs
}

// explainsSnapshotOrder: which row of a table comes first and last is another one there.
func explainsSnapshotOrder(d Difference) bool {
	return d.Part == Value && d.Phase == Snapshot && d.Path == "source.snapshot" && snapshotMark(d.Debezium) && snapshotMark(d.Leat)
}

func snapshotMark(v any) bool {
	switch v {
	case "true", "first", "last", "first_in_data_collection", "last_in_data_collection":
		return true
	}
	return false
}
