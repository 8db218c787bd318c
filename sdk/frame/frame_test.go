package frame_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/leat-io/leat/sdk/frame"
)

func sample() *frame.Frame {
	return &frame.Frame{
		Header:   frame.Header{Type: frame.Batch, Flags: 3, Stream: 1, Count: 2, Sequence: 7, Sinks: 5, Time: -1},
		Position: []byte("here"),
		Payload:  []byte("rows"),
	}
}

func encode(t *testing.T, frames ...*frame.Frame) []byte {
	t.Helper()
	var out bytes.Buffer
	w := frame.NewWriter(&out)
	for _, f := range frames {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestReader(t *testing.T) {
	t.Parallel()
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		end := &frame.Frame{Header: frame.Header{Type: frame.End}}
		r := frame.NewReader(bytes.NewReader(encode(t, sample(), end)))
		for _, want := range []*frame.Frame{sample(), end} {
			got, err := r.Read()
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(frame.Frame{}), cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		}
		if _, err := r.Read(); !errors.Is(err, io.EOF) {
			t.Errorf("after the last frame: %v, want EOF", err)
		}
	})
	t.Run("a frame read is forwarded byte for byte", func(t *testing.T) {
		t.Parallel()
		in := encode(t, sample())
		f, err := frame.NewReader(bytes.NewReader(in)).Read()
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(in, encode(t, f)); d != "" {
			t.Error(d)
		}
	})
	t.Run("a buffer is used again after Release", func(t *testing.T) {
		t.Parallel()
		in := encode(t, sample(), sample())
		r := frame.NewReader(bytes.NewReader(in))
		for range 2 {
			f, err := r.Read()
			if err != nil {
				t.Fatal(err)
			}
			if string(f.Payload) != "rows" {
				t.Errorf("payload %q", f.Payload)
			}
			f.Release()
		}
	})
}

func TestFrameRelease(t *testing.T) {
	t.Parallel()
	f, err := frame.NewReader(bytes.NewReader(encode(t, sample()))).Read()
	if err != nil {
		t.Fatal(err)
	}
	f.Retain()
	f.Release()
	if string(f.Payload) != "rows" {
		t.Errorf("payload %q while one holder is left", f.Payload)
	}
	f.Release()
	if f.Payload != nil {
		t.Error("payload is left after the last holder")
	}
}

func TestReaderErrors(t *testing.T) {
	t.Parallel()
	damage := func(at int, by byte) func([]byte) []byte {
		return func(b []byte) []byte { b[at] ^= by; return b }
	}
	tests := map[string]struct {
		change func([]byte) []byte
		want   error
	}{
		"ErrTooShort":       {func(b []byte) []byte { copy(b, []byte{1, 0, 0, 0}); return b }, frame.ErrTooShort},
		"ErrTooLarge":       {func(b []byte) []byte { copy(b, []byte{255, 255, 255, 255}); return b }, frame.ErrTooLarge},
		"ErrVersion":        {damage(4, 8), frame.ErrVersion},
		"ErrType":           {damage(5, 64), frame.ErrType},
		"ErrChecksum":       {damage(frame.HeaderSize+1, 1), frame.ErrChecksum},
		"header damaged":    {damage(17, 1), frame.ErrChecksum},
		"position damaged":  {damage(40, 1), frame.ErrChecksum},
		"cut in the length": {func(b []byte) []byte { return b[:2] }, io.ErrUnexpectedEOF},
		"cut in the body":   {func(b []byte) []byte { return b[:50] }, io.ErrUnexpectedEOF},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := frame.NewReader(bytes.NewReader(tt.change(encode(t, sample())))).Read()
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestReaderLimit(t *testing.T) {
	t.Parallel()
	r := frame.NewReader(bytes.NewReader(encode(t, sample())))
	r.Limit(frame.HeaderSize)
	if _, err := r.Read(); !errors.Is(err, frame.ErrTooLarge) {
		t.Errorf("got %v, want %v", err, frame.ErrTooLarge)
	}
}

func FuzzReader(f *testing.F) {
	var seed bytes.Buffer
	if err := frame.NewWriter(&seed).Write(sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(seed.Bytes())
	f.Fuzz(func(t *testing.T, in []byte) {
		r := frame.NewReader(bytes.NewReader(in))
		r.Limit(1 << 20)
		got, err := r.Read()
		if err != nil {
			return
		}
		if out := encode(t, got); !bytes.Equal(out, in[:len(out)]) {
			t.Error("a frame that was read is not written as it was")
		}
	})
}

func BenchmarkRelay(b *testing.B) {
	f := sample()
	f.Payload = make([]byte, 256<<10)
	var in bytes.Buffer
	if err := frame.NewWriter(&in).Write(f); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(in.Len()))
	b.ReportAllocs()
	w := frame.NewWriter(io.Discard)
	src := bytes.NewReader(nil)
	r := frame.NewReader(src)
	for b.Loop() {
		src.Reset(in.Bytes())
		got, err := r.Read()
		if err != nil {
			b.Fatal(err)
		}
		if err := w.Write(got); err != nil {
			b.Fatal(err)
		}
		got.Release()
	}
}

// TestALengthAloneTakesNoMemory reads the first bytes of a frame that says it is
// as large as can be.
func TestALengthAloneTakesNoMemory(t *testing.T) { //nolint:paralleltest // it looks at the memory of the process
	head := binary.LittleEndian.AppendUint32(nil, frame.MaxSize-4)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 10 {
		r := frame.NewReader(bytes.NewReader(append(head, make([]byte, 100)...)))
		if _, err := r.Read(); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("got %v", err)
		}
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 64<<20 {
		t.Errorf("%d MiB were allocated for ten frames that did not come", got>>20)
	}
}

func TestALargeFrameIsReadWhole(t *testing.T) {
	t.Parallel()
	for _, size := range []int{2<<20 - 1, 2 << 20, 2<<20 + 1, 5 << 20} {
		payload := make([]byte, size)
		for i := range payload {
			payload[i] = byte(i >> 10)
		}
		var b bytes.Buffer
		if err := frame.NewWriter(&b).Write(&frame.Frame{Header: frame.Header{Type: frame.Batch}, Payload: payload}); err != nil {
			t.Fatal(err)
		}
		f, err := frame.NewReader(iotest.HalfReader(&b)).Read()
		if err != nil || !bytes.Equal(f.Payload, payload) {
			t.Errorf("of %d bytes: %v", size, err)
		}
	}
}
