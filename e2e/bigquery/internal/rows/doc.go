// Package rows turns the protocol buffer rows of an AppendRows request into the rows of a table.
//
// A Plan is compiled once from the writer's schema and the table's; it holds one converter a column and refuses a
// writer's schema that does not fit. Values come out as int64 (INTEGER), float64 (FLOAT), bool (BOOLEAN), string (STRING,
// JSON, GEOGRAPHY), []byte (BYTES), warehouse.Decimal (NUMERIC, BIGNUMERIC), time.Time in UTC (TIMESTAMP), a string in
// canonical form (DATE, TIME, DATETIME), []any (REPEATED) and map[string]any (RECORD).
//
// Where the service's documentation leaves open what happens to odd input, the package refuses it: a sink that passes
// here does not rely on leniency.
//
// Start with NewPlan and Plan.Decode.
package rows
