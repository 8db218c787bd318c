package judge

import (
	"errors"
	"testing"
)

func TestParseVolatile(t *testing.T) {
	t.Parallel()
	v, err := parseVolatile("# words\n\nvalue | snapshot | source.* | a reason\n")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		d    Difference
		want bool
	}{
		"OK":            {Difference{Part: Value, Phase: Snapshot, Path: "source.pos"}, true},
		"another part":  {Difference{Part: Key, Phase: Snapshot, Path: "source.pos"}, false},
		"another phase": {Difference{Part: Value, Phase: Stream, Path: "source.pos"}, false},
		"another path":  {Difference{Part: Value, Phase: Snapshot, Path: "after.pos"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := v.Has(test.d); got != test.want {
				t.Errorf("volatile %v, want %v", got, test.want)
			}
		})
	}
}

func TestParseVolatileErrVolatile(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no reason":     "value | both | ts_ms |\n",
		"three columns": "value | both | ts_ms\n",
		"no phase":      "value | never | ts_ms | reason\n",
		"bad pattern":   "value | both | [ | reason\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := parseVolatile(text); !errors.Is(err, ErrVolatile) {
				t.Errorf("error %v, want ErrVolatile", err)
			}
		})
	}
}
