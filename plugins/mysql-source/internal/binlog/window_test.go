package binlog

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestWindow(t *testing.T) {
	t.Parallel()
	const text = "abcdefghij"
	for name, from := range map[string]io.Reader{
		"OK all at once":              strings.NewReader(text),
		"OK byte by byte":             iotest.OneByteReader(strings.NewReader(text)),
		"OK the end with the last":    iotest.DataErrReader(strings.NewReader(text)),
		"OK halves with errors later": iotest.DataErrReader(iotest.HalfReader(strings.NewReader(text))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := window{from: from, buf: make([]byte, 4)}
			var got []string
			peek := func(n int) {
				b, err := w.peek(n)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, string(b))
			}
			peek(3)
			peek(4)
			w.take(3)
			peek(4) // what was not taken comes first
			w.take(1)
			rest, err := io.ReadAll(&w)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"abc", "abcd", "defg", "efghij"}, append(got, string(rest))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWindow_errors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		from io.Reader
		want error
	}{
		"the end":             {strings.NewReader(""), io.EOF},
		"the end in a packet": {strings.NewReader("ab"), io.ErrUnexpectedEOF},
		"of the reader":       {iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("abc"))), iotest.ErrTimeout},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := window{from: tt.from, buf: make([]byte, 4)}
			if b, err := w.peek(3); !errors.Is(err, tt.want) {
				t.Errorf("got %q, %v, want %v", b, err, tt.want)
			}
		})
	}
}
