package checkpoint_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/ledger"
)

// checkpoints of all sinks.
type checkpoints = map[string]*checkpoint.Checkpoint

// history is a file, and the checkpoints after each save.
type history struct {
	raw   []byte
	end   int // where the room begins that no record has
	saves []checkpoints
	// the fingerprints of the last two
	last, before string
}

// newHistory makes a file of one record with two sinks and some more behind it.
func newHistory(t testing.TB) history {
	t.Helper()
	dir := t.TempDir()
	s, err := checkpoint.Open(dir, "p", quiet)
	if err != nil {
		t.Fatal(err)
	}
	h := history{}
	for i, m := range []map[string]checkpoint.Move{
		{"bq": at("a:1-5"), "kafka": {Position: []byte("a:1-7"), State: []ledger.StateChange{set("table/t", "(id INT)")}}},
		{"kafka": at("a:1-9")},
		{"kafka": {Position: []byte("a:1-30009"), State: []ledger.StateChange{set("table/u", "(id BIGINT)"), {Key: "table/t"}}}},
		{"bq": at("a:1-30010"), "kafka": at("a:1-30010")},
		{"bq": at("a:1-30011"), "kafka": at("a:1-30012")},
	} {
		if err := s.Save(m, now); err != nil {
			t.Fatal(i, err)
		}
		h.saves = append(h.saves, loadAll(s))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if h.raw, err = os.ReadFile(checkpoint.Path(dir, "p")); err != nil {
		t.Fatal(err)
	}
	h.last, h.before = checkpoint.Fingerprint(h.newest(0)), checkpoint.Fingerprint(h.newest(1))
	h.end = len(bytes.TrimRight(h.raw, "\x00"))
	return h
}

// newest is the checkpoints after all saves but so many.
func (h *history) newest(but int) checkpoints { return h.saves[len(h.saves)-1-but] }

// proves sees that a file is believed only to say what is true: the newest
// checkpoints, or aloud those directly before, or nothing. It returns which.
func (h *history) proves(t testing.TB, raw []byte) string {
	t.Helper()
	sinks, doubt, err := checkpoint.Read(raw)
	if err != nil {
		return "refused"
	}
	switch found := checkpoint.Fingerprint(sinks); {
	case found == h.last:
		return "newest"
	case found == h.before && doubt != "":
		return "before"
	}
	t.Errorf("doubt %q about\n%v", doubt, cmp.Diff(h.newest(0), sinks))
	return "wrong"
}

func TestNoFlippedBitIsBelieved(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	got := map[string]int{}
	flip := func(at int, mask byte) {
		h.raw[at] ^= mask
		verdict := h.proves(t, h.raw)
		got[verdict]++
		if verdict == "wrong" {
			t.Fatalf("byte %d, bits %08b", at, mask)
		}
		h.raw[at] ^= mask
	}
	written := 0
	for at := range h.end {
		masks := []byte{1, 2, 4, 8, 16, 32, 64, 128, 0xff}
		if h.raw[at] == 0 {
			masks = []byte{0x10}
			if at%4096 > 200 && at < 3*4096 && at%50 != 0 {
				continue // what is empty between the parts
			}
		} else {
			written++
		}
		for _, mask := range masks {
			flip(at, mask)
		}
	}
	for at := h.end; at < len(h.raw); at += 1000 {
		flip(at, 0xff)
	}
	if written < 500 || got["refused"] < 9*200 || got["before"] < 9*50 || got["newest"] == 0 {
		t.Errorf("%d bytes written: %v", written, got)
	}
}

func TestTornAndZeroedFiles(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	t.Run("truncated anywhere it is refused", func(t *testing.T) {
		t.Parallel()
		for size := range h.end + 3 {
			if got := h.proves(t, h.raw[:size]); got != "refused" {
				t.Fatalf("%d bytes: %s", size, got)
			}
		}
		if got := h.proves(t, h.raw[:len(h.raw)-1]); got != "refused" {
			t.Error(got)
		}
	})
	t.Run("longer it is refused", func(t *testing.T) {
		t.Parallel()
		if got := h.proves(t, append(bytes.Clone(h.raw), 0)); got != "refused" {
			t.Error(got)
		}
	})
	t.Run("zeroed from anywhere on", func(t *testing.T) {
		t.Parallel()
		got := map[string]int{}
		for from := 3 * 4096; from < h.end; from++ {
			raw := bytes.Clone(h.raw[:h.end])
			clear(raw[from:])
			got[h.proves(t, append(raw, h.raw[len(raw):]...))]++
		}
		if got["wrong"] > 0 || got["newest"] > 0 || got["before"] < 50 || got["refused"] < 200 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a block zeroed", func(t *testing.T) {
		t.Parallel()
		for block, want := range []string{"refused", "newest", "newest", "refused"} {
			raw := bytes.Clone(h.raw)
			clear(raw[block*4096:][:4096])
			if got := h.proves(t, raw); got != want {
				t.Errorf("block %d: %s, want %s", block, got, want)
			}
		}
	})
	t.Run("blocks exchanged", func(t *testing.T) {
		t.Parallel()
		raw := bytes.Clone(h.raw)
		copy(raw[4096:], h.raw[2*4096:][:4096])
		copy(raw[2*4096:], h.raw[4096:][:4096])
		if got := h.proves(t, raw); got == "before" || got == "wrong" {
			t.Error(got)
		}
	})
	t.Run("marks of another file", func(t *testing.T) {
		t.Parallel()
		raw := bytes.Clone(h.raw)
		copy(raw[4096:3*4096], another(t)[4096:])
		if got := h.proves(t, raw); got != "refused" {
			t.Error(got)
		}
	})
}

// another returns a file of as many saves that went another way.
func another(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir)
	for range 5 {
		save(t, s, "kafka", at("b:1"))
	}
	s.Close()
	raw, err := os.ReadFile(checkpoint.Path(dir, "p"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRandomDamageIsNeverBelieved(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	r := rand.New(rand.NewPCG(1, 2))
	good := bytes.Clone(h.raw)
	for range 5000 {
		from := r.IntN(h.end)
		if r.IntN(2) == 0 {
			from = 3*4096 + r.IntN(h.end-3*4096)
		}
		to := from + 1 + r.IntN(600)
		for i := from; i < to; i++ {
			h.raw[i] = byte(r.Uint32())
		}
		h.proves(t, h.raw)
		if t.Failed() {
			t.Fatalf("damaged at %d", from)
		}
		copy(h.raw[from:to], good[from:to])
	}
}

func FuzzRead(f *testing.F) {
	h := newHistory(f)
	f.Add(h.raw[:h.end])
	for _, name := range []string{"bbolt-small", "bbolt-empty"} {
		f.Add(unzip(f, name))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		sinks, _, err := checkpoint.Read(raw)
		if (err == nil) == (sinks == nil) {
			t.Errorf("read %v, error %v", sinks, err)
		}
	})
}

// FuzzDamage overwrites a part of a file.
func FuzzDamage(f *testing.F) {
	h := newHistory(f)
	f.Add(uint(20), []byte{0})
	f.Add(uint(4096), []byte("damage"))
	f.Add(uint(3*4096+70), []byte{0xff, 0xff})
	f.Fuzz(func(t *testing.T, from uint, with []byte) {
		raw := bytes.Clone(h.raw)
		copy(raw[from%uint(len(raw)):], with)
		h.proves(t, raw)
	})
}

func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	flipped := bytes.Clone(h.raw)
	flipped[3*4096+20] ^= 1
	headless := bytes.Clone(h.raw)
	clear(headless[:8])
	tests := map[string]struct {
		raw  []byte
		want string
	}{
		"empty":                         {nil, "the file is empty"},
		"truncated":                     {h.raw[:h.end], "it was made with"},
		"a bit of a value":              {flipped, "its first record is damaged"},
		"without its beginning":         {headless, "it does not begin as a checkpoint file does"},
		"another file":                  {[]byte("pipeline: inventory\n"), "it does not begin as a checkpoint file does"},
		"of zeros":                      {make([]byte, 8192), "it does not begin as a checkpoint file does"},
		"of the format before, cut off": {unzip(t, "bbolt-small")[:20_000], "a page is damaged"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := checkpoint.Path(dir, "p")
			if err := os.WriteFile(path, tt.raw, 0o600); err != nil {
				t.Fatal(err)
			}
			for name, open := range map[string]func() error{
				"Open":         func() error { _, err := checkpoint.Open(dir, "p", quiet); return err },
				"OpenReadOnly": func() error { _, err := checkpoint.OpenReadOnly(dir, "p", quiet); return err },
				"Restore":      func() error { _, err := checkpoint.Restore(dir, "p", quiet); return err },
			} {
				err := open()
				if !errors.Is(err, checkpoint.ErrDamaged) || !strings.Contains(err.Error(), path+": ") || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, tt.raw) {
				t.Error("the damaged file was changed", err)
			}
			if err := checkpoint.Remove(dir, "p"); err != nil {
				t.Fatal(err)
			}
			if s := open(t, dir); len(s.Sinks()) != 0 {
				t.Errorf("after its removal there are %v", s.Sinks())
			}
		})
	}
}

func TestTheOneBeforeIsUsedAloud(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	h.raw[h.end-1] ^= 1 // in the newest record's checksum
	dir := t.TempDir()
	if err := os.WriteFile(checkpoint.Path(dir, "p"), h.raw, 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	s, err := checkpoint.Open(dir, "p", logTo(&said))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if d := cmp.Diff(h.newest(1), loadAll(s)); d != "" {
		t.Error(d)
	}
	if !strings.Contains(s.FellBack(), "the newest") || !strings.Contains(said.String(), checkpoint.Path(dir, "p")) {
		t.Errorf("fell back: %q; said %s", s.FellBack(), &said)
	}
	save(t, s, "kafka", at("a:1-40000"))
	s.Close()
	s = open(t, dir)
	if c := s.Load("kafka"); string(c.Position) != "a:1-40000" || s.FellBack() != "" {
		t.Errorf("position %s; fell back: %q", c.Position, s.FellBack())
	}
}

func unzip(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open("testdata/" + name + ".gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
