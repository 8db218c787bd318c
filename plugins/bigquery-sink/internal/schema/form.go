package schema

import (
	"fmt"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"
)

// Form is what the value of a field means.
type Form byte

// The forms.
const (
	Bool Form = iota + 1
	Int
	Unsigned // a long that is the two's complement of a number up to 2^64-1
	Float
	Double
	Text
	Symbol
	Bytes
	Fixed
	Decimal
	JSON
	Date           // days since 1970
	LocalMillis    // a date and time of day without a zone, as if it were UTC
	LocalMicros    //
	InstantMillis  // a moment
	InstantMicros  //
	InstantText    // a moment as ISO 8601
	DurationMillis // a time of day, or a duration, in MySQL's TIME
	DurationMicros //
	Struct
)

// formOf returns the meaning of a value; bytes of a kind that has no annotation
// are what their kind says.
func formOf(t *avrotype.Type) (Form, error) {
	if f, ok := annotated[annotation{t.Kind, t.Connect}]; ok && t.Connect != "" {
		return f, nil
	}
	if f, ok := annotated[annotation{t.Kind, t.Logical}]; ok && t.Logical != "" {
		return f, nil
	}
	if f, ok := plain[t.Kind]; ok {
		return f, nil
	}
	return 0, fmt.Errorf("type %v has no column type in BigQuery", t)
}

type annotation struct {
	kind avrotype.Kind
	name string
}

var annotated = map[annotation]Form{
	{avrotype.Int, "io.debezium.time.Date"}:                    Date,
	{avrotype.Int, "org.apache.kafka.connect.data.Date"}:       Date,
	{avrotype.Int, "date"}:                                     Date,
	{avrotype.Long, "io.debezium.time.Timestamp"}:              LocalMillis,
	{avrotype.Long, "io.debezium.time.MicroTimestamp"}:         LocalMicros,
	{avrotype.Long, "local-timestamp-millis"}:                  LocalMillis,
	{avrotype.Long, "local-timestamp-micros"}:                  LocalMicros,
	{avrotype.Long, "org.apache.kafka.connect.data.Timestamp"}: LocalMillis, // what Debezium makes of DATETIME
	{avrotype.Long, "timestamp-millis"}:                        InstantMillis,
	{avrotype.Long, "timestamp-micros"}:                        InstantMicros,
	{avrotype.String, "io.debezium.time.ZonedTimestamp"}:       InstantText,
	{avrotype.Int, "io.debezium.time.Time"}:                    DurationMillis,
	{avrotype.Int, "org.apache.kafka.connect.data.Time"}:       DurationMillis,
	{avrotype.Int, "time-millis"}:                              DurationMillis,
	{avrotype.Long, "io.debezium.time.MicroTime"}:              DurationMicros,
	{avrotype.Long, "time-micros"}:                             DurationMicros,
	{avrotype.String, "io.debezium.data.Json"}:                 JSON,
	{avrotype.Bytes, "org.apache.kafka.connect.data.Decimal"}:  Decimal,
	{avrotype.Bytes, "decimal"}:                                Decimal,
}

var plain = map[avrotype.Kind]Form{
	avrotype.Boolean: Bool, avrotype.Int: Int, avrotype.Long: Int, avrotype.Float: Float, avrotype.Double: Double,
	avrotype.String: Text, avrotype.Enum: Symbol, avrotype.Bytes: Bytes, avrotype.Fixed: Fixed, avrotype.Record: Struct,
}

var natural = map[Form]bigquery.FieldType{
	Bool: bigquery.BooleanFieldType, Int: bigquery.IntegerFieldType, Float: bigquery.FloatFieldType, Double: bigquery.FloatFieldType,
	Text: bigquery.StringFieldType, Symbol: bigquery.StringFieldType, Bytes: bigquery.BytesFieldType, Fixed: bigquery.BytesFieldType,
	JSON: bigquery.JSONFieldType, Date: bigquery.DateFieldType,
	LocalMillis: bigquery.DateTimeFieldType, LocalMicros: bigquery.DateTimeFieldType,
	InstantMillis: bigquery.TimestampFieldType, InstantMicros: bigquery.TimestampFieldType, InstantText: bigquery.TimestampFieldType,
	DurationMillis: bigquery.StringFieldType, DurationMicros: bigquery.StringFieldType,
	Struct: bigquery.RecordFieldType,
}

// typeOf returns the type that a column is created with.
func typeOf(f Form, t *avrotype.Type) bigquery.FieldType {
	if f == Decimal {
		return decimalType(t.Precision, t.Scale)
	}
	return natural[f]
}

// decimalType returns the narrowest type that holds every value. The column gets
// no precision of its own, so that a wider DECIMAL mostly needs no alteration.
func decimalType(precision, scale int) bigquery.FieldType {
	switch whole := precision - scale; {
	case precision <= 0 || scale < 0:
		return bigquery.StringFieldType
	case scale <= 9 && whole <= 29:
		return bigquery.NumericFieldType
	case scale <= 38 && whole <= 38:
		return bigquery.BigNumericFieldType
	}
	return bigquery.StringFieldType
}
