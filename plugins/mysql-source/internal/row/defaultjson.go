package row

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/leat-io/leat/sdk"
)

func readLong(b []byte) (v int64, n int) { return binary.Varint(b) }

// quoteJSON leaves HTML's signs as they are, as Java does.
func quoteJSON(s string) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// floatJSON prints a number as Java does: 1.0, 0.001, 1.0E7.
func floatJSON(t sdk.Type, b []byte) json.RawMessage {
	size, f := 64, 0.0
	if t == sdk.Float {
		size, f = 32, float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	} else {
		f = math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	if a := math.Abs(f); a == 0 || a >= 1e-3 && a < 1e7 {
		return json.RawMessage(withPoint(strconv.FormatFloat(f, 'f', -1, size)))
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, size), "e")
	n, _ := strconv.Atoi(exponent)
	return json.RawMessage(withPoint(mantissa) + "E" + strconv.Itoa(n))
}

func withPoint(s string) string {
	if strings.Contains(s, ".") {
		return s
	}
	return s + ".0"
}
