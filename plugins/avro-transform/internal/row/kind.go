package row

import "github.com/leat-io/leat/sdk"

// kind is an Avro type in the form that is fastest to switch on.
type kind uint8

const (
	boolean kind = iota + 1
	integer
	long
	float
	double
	text
	bytes
	geometry
	point
	vector
)

var kinds = map[sdk.Type]kind{
	sdk.Boolean: boolean, sdk.Int: integer, sdk.Long: long, sdk.Float: float, sdk.Double: double,
	sdk.String: text, sdk.Bytes: bytes, sdk.Geometry: geometry, sdk.Point: point, sdk.Vector: vector,
}
