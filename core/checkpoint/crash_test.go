package checkpoint

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/ledger"
)

// fakeDisk is a disk as the README assumes it to be: what was not synced may be
// there after a crash, in whole, in part, or not at all, each write for itself.
type fakeDisk struct {
	entries map[string]*fakeFile // as the processes see them
	durable map[string]*fakeFile
	changes []func(map[string]*fakeFile) // of names, not durable yet, in order

	// calls are counted down: at 0 the next one fails, and as many as fails.
	calls, fails int
	fault        error
}

type fakeFile struct {
	disk    *fakeDisk
	durable []byte
	pending []write
}

type write struct {
	b      []byte
	offset int64
}

var errPower = errors.New("the power is gone")

func newFakeDisk() *fakeDisk {
	return &fakeDisk{entries: map[string]*fakeFile{}, durable: map[string]*fakeFile{}, calls: -1}
}

func (d *fakeDisk) call() error {
	if d.calls < 0 {
		return nil
	}
	if d.calls--; d.calls >= 0 {
		return nil
	}
	if d.fails--; d.fails > 0 {
		d.calls = 0
	}
	return d.fault
}

func (d *fakeDisk) change(f func(map[string]*fakeFile)) {
	f(d.entries)
	d.changes = append(d.changes, f)
}

func (d *fakeDisk) create(path string) (file, error) {
	if err := d.call(); err != nil {
		return nil, err
	}
	f := &fakeFile{disk: d}
	d.change(func(m map[string]*fakeFile) { m[path] = f })
	return f, nil
}

func (d *fakeDisk) rename(from, to string) error {
	if err := d.call(); err != nil {
		return err
	}
	f := d.entries[from]
	d.change(func(m map[string]*fakeFile) { delete(m, from); m[to] = f })
	return nil
}

func (d *fakeDisk) remove(path string) error {
	if err := d.call(); err != nil {
		return err
	}
	d.change(func(m map[string]*fakeFile) { delete(m, path) })
	return nil
}

func (d *fakeDisk) syncDir(string) error {
	if err := d.call(); err != nil {
		return err
	}
	d.settle(len(d.changes))
	return nil
}

func (d *fakeDisk) settle(n int) {
	for _, change := range d.changes[:n] {
		change(d.durable)
	}
	d.changes = d.changes[n:]
}

func (f *fakeFile) WriteAt(b []byte, offset int64) (int, error) {
	w := write{slices.Clone(b), offset}
	err := f.disk.call()
	if err != nil {
		w.b = w.b[:len(w.b)/2]
	}
	f.pending = append(f.pending, w)
	return len(w.b), err
}

func (f *fakeFile) Sync() error {
	if err := f.disk.call(); err != nil {
		f.pending = nil // after that, a second sync would succeed and have done nothing
		return err
	}
	for _, w := range f.pending {
		f.apply(w)
	}
	f.pending = nil
	return nil
}

func (f *fakeFile) Close() error { return nil }

func (f *fakeFile) apply(w write) {
	if end := int(w.offset) + len(w.b); end > len(f.durable) {
		f.durable = append(f.durable, make([]byte, end-len(f.durable))...)
	}
	copy(f.durable[w.offset:], w.b)
}

// crash leaves what a disk may have after the power went.
func (d *fakeDisk) crash(r *rand.Rand) map[string][]byte {
	d.settle(r.IntN(len(d.changes) + 1))
	out := map[string][]byte{}
	for name, f := range d.durable {
		for _, w := range f.pending {
			switch r.IntN(3) {
			case 0:
				f.apply(w)
			case 1:
				sector := min(512*r.IntN(4), len(w.b))
				f.apply(write{w.b[:sector], w.offset})
			}
		}
		out[name] = f.durable
	}
	return out
}

const crashPath = "/d/p.checkpoint"

// reopened is the position that a store would begin at after a crash, 0 for none.
func reopened(files map[string][]byte) (int, string, error) {
	raw, ok := files[crashPath]
	if !ok {
		if _, kept := files[crashPath+keptSuffix]; kept {
			return 0, "", errors.New("the file is gone and its copy is there")
		}
		return 0, "", nil
	}
	c, err := read(raw)
	if err != nil {
		return 0, "", err
	}
	if c.sinks["kafka"] == nil {
		return 0, c.doubt, nil
	}
	n, err := strconv.Atoi(string(c.sinks["kafka"].Position))
	if err != nil {
		return 0, "", err
	}
	for i := range n {
		if string(c.sinks["kafka"].State[strconv.Itoa(i+1)]) == "" {
			return 0, "", fmt.Errorf("position %d without the state of %d", n, i+1)
		}
	}
	return n, c.doubt, nil
}

// storeOn returns a store on a fake disk, as open makes it.
func storeOn(d *fakeDisk) (*Store, error) {
	s := newStore(crashPath, d, slog.New(slog.DiscardHandler), &contents{sinks: image{}})
	s.sequence, s.writable, s.room = 1, true, 2500
	return s, s.rewrite()
}

func saveNumber(s *Store, n int) error {
	state := []ledger.StateChange{{Key: strconv.Itoa(n), Value: []byte("defined")}}
	if n%3 == 0 { // so that the file is made anew now and then
		state = append(state, ledger.StateChange{Key: "large", Value: make([]byte, 800)})
	}
	return s.Save(map[string]Move{"kafka": {Position: []byte(strconv.Itoa(n)), State: state}}, time.Unix(int64(n), 0))
}

func TestNoCrashLosesWhatWasSaved(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	doubts, rounds := 0, 0
	for at := range 110 {
		for range 20 {
			d := newFakeDisk()
			d.calls, d.fails, d.fault = at, 1<<30, errPower
			saved, tried := 0, 0
			if s, err := storeOn(d); err == nil {
				for tried = 1; tried <= 12; tried++ {
					if err := saveNumber(s, tried); err != nil {
						break
					}
					saved = tried
				}
			}
			got, doubt, err := reopened(d.crash(r))
			if err != nil || got < saved || got > tried {
				t.Fatalf("crash at call %d: saved %d, tried %d, found %d, error %v", at, saved, tried, got, err)
			}
			if doubt != "" {
				doubts++
			}
			rounds++
		}
	}
	if doubts == 0 || doubts > rounds/2 {
		t.Errorf("doubt in %d of %d", doubts, rounds)
	}
}

func TestOneWriteThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	for at := range 60 {
		d := newFakeDisk()
		var said strings.Builder
		s, err := storeOn(d)
		if err != nil {
			t.Fatal(err)
		}
		s.logger = slog.New(slog.NewTextHandler(&said, nil))
		d.calls, d.fails, d.fault = at, 1, syscall.EIO
		for n := 1; n <= 12; n++ {
			if err := saveNumber(s, n); err != nil {
				t.Fatalf("call %d, save %d: %v", at, n, err)
			}
			got, doubt, err := reopened(d.crash(rand.New(rand.NewPCG(1, uint64(at)))))
			if got != n || doubt != "" || err != nil {
				t.Fatalf("call %d: saved %d, found %d, doubt %q, error %v", at, n, got, doubt, err)
			}
		}
		if d.calls < 0 && !strings.Contains(said.String(), "input/output error") {
			t.Errorf("call %d: nothing was said: %q", at, said.String())
		}
	}
}

func TestWritesThatFailTwice(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]int{"as it is written": 0, "as it is synced": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newFakeDisk()
			s, err := storeOn(d)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(saveNumber(s, 1), saveNumber(s, 2)); err != nil {
				t.Fatal(err)
			}
			d.calls, d.fails, d.fault = at, 1<<30, syscall.ENOSPC
			err = saveNumber(s, 3)
			if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), crashPath) {
				t.Errorf("got %v", err)
			}
			d.calls = -1
			if err := saveNumber(s, 3); err != nil {
				t.Errorf("once there is space: %v", err)
			}
			if got, _, err := reopened(d.crash(rand.New(rand.NewPCG(1, 1)))); got != 3 || err != nil {
				t.Errorf("found %d, error %v", got, err)
			}
			if _, ok := d.entries[filepath.Join("/d", "p.checkpoint.new")]; ok {
				t.Error("what was being made is left")
			}
		})
	}
}
