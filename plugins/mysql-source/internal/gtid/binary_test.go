package gtid

import (
	"errors"
	"testing"
)

const other = "4e11fa47-71ca-11e1-9e33-c80aa9429562"

func TestParseBinary(t *testing.T) {
	t.Parallel()
	const uuid = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
	for name, text := range map[string]string{
		"OK empty":                     "",
		"OK one":                       uuid + ":7",
		"OK gaps":                      uuid + ":1-5:7:9-12",
		"OK servers":                   uuid + ":1-5," + other + ":1-3",
		"OK tags":                      uuid + ":1-5:blue:1-3:7",
		"OK a tag alone":               uuid + ":blue:1-3",
		"OK a tag alone of the second": uuid + ":1-5," + other + ":blue:1-3",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := ParseSet(text)
			if err != nil {
				t.Fatal(err)
			}
			b := want.AppendBinary(nil)
			got, err := ParseBinary(b)
			if err != nil || got.String() != want.String() {
				t.Errorf("got %v, %v, want %v", got, err, want)
			}
			for n := range b {
				if _, err := ParseBinary(b[:n]); !errors.Is(err, errBinary) {
					t.Errorf("%d bytes of %d: got %v, want %v", n, len(b), err, errBinary)
				}
			}
		})
	}
}

func FuzzParseBinary(f *testing.F) {
	for _, text := range []string{"", other + ":1-5:7", other + ":blue:1-3"} {
		s, err := ParseSet(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(s.AppendBinary(nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseBinary(b)
		if err != nil {
			return
		}
		again, err := ParseBinary(s.AppendBinary(nil))
		if err != nil || again.String() != s.String() {
			t.Errorf("%v becomes %v, %v", s, again, err)
		}
	})
}
