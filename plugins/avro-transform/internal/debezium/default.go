package debezium

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/leat-io/leat/plugins/avro-transform/internal/java"
	"github.com/leat-io/leat/sdk"
)

// defaultOf prints a column's default as Java does, nil if there is none: JSON
// allows several forms, and only one is the peer's.
func defaultOf(c *sdk.Column) ([]byte, error) {
	raw := bytes.TrimSpace(c.Default)
	switch {
	case c.Default == nil:
		return nil, nil
	case string(raw) == "null":
		return nil, fmt.Errorf("%w: a default of null, which decides the order of the union, must be left out", ErrColumn)
	}
	out, err := canonical(c.Type, raw)
	if err != nil {
		return nil, fmt.Errorf("%w: default %.80s of an Avro %s: %w", ErrColumn, raw, c.Type, err)
	}
	return out, nil
}

func canonical(typ sdk.Type, raw []byte) ([]byte, error) {
	switch typ {
	case sdk.Boolean:
		var v bool
		err := json.Unmarshal(raw, &v)
		return strconv.AppendBool(nil, v), err
	case sdk.Int:
		var v int32
		err := json.Unmarshal(raw, &v)
		return strconv.AppendInt(nil, int64(v), 10), err
	case sdk.Long:
		var v int64
		err := json.Unmarshal(raw, &v)
		return strconv.AppendInt(nil, v, 10), err
	case sdk.Float:
		var v float32
		err := json.Unmarshal(raw, &v)
		return java.AppendFloat(nil, v), err
	case sdk.Double:
		var v float64
		err := json.Unmarshal(raw, &v)
		return java.AppendDouble(nil, v), err
	case sdk.String, sdk.Bytes:
		var v string
		err := json.Unmarshal(raw, &v)
		return appendString(nil, v), err
	default:
		return nil, errors.New("the type has no default")
	}
}
