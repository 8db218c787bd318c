package avro_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/avro"
)

func TestAppendLongIsWhatAWriterWrites(t *testing.T) {
	t.Parallel()
	for _, v := range []int64{0, 1, -1, 63, 64, -64, -65, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64} {
		w := avro.NewWriter(16)
		w.WriteLong(v)
		if d := cmp.Diff(append([]byte{9}, w.Buffer()...), avro.AppendLong([]byte{9}, v)); d != "" {
			t.Errorf("%d: %s", v, d)
		}
	}
}

func TestAppendStringIsWhatAWriterWrites(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "a", "é", strings.Repeat("x", 64), strings.Repeat("x", 1<<14)} {
		w := avro.NewWriter(16)
		w.WriteString(s)
		if d := cmp.Diff(append([]byte{9}, w.Buffer()...), avro.AppendString([]byte{9}, s)); d != "" {
			t.Errorf("%d bytes: %s", len(s), d)
		}
	}
}
