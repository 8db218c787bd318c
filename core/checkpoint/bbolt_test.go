package checkpoint_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/checkpoint"
)

// yesterday is when the files of testdata were written.
var yesterday = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// put makes a file the checkpoint file of a new folder.
func put(t testing.TB, raw []byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(checkpoint.Path(dir, "p"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFilesOfTheFormatBefore(t *testing.T) {
	t.Parallel()
	large := checkpoints{"kafka": {
		Position: []byte("\x001-149"), Updated: yesterday,
		State: map[string][]byte{"long": bytes.Repeat([]byte("0123456789"), 20_000)},
	}}
	for i := range 3000 {
		large["kafka"].State[fmt.Sprintf("table/%d", i)] = bytes.Repeat(fmt.Append(nil, i), i%300)
	}
	tests := map[string]checkpoints{
		"bbolt-small": {
			"kafka":     {Position: []byte("\x031-8"), State: map[string][]byte{"a": []byte("x"), "empty": {}}, Updated: yesterday},
			"warehouse": {Position: []byte("\x001-9"), State: map[string][]byte{}, Updated: yesterday},
		},
		"bbolt-large": large,
		"bbolt-empty": {},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := unzip(t, name)
			dir := put(t, raw)
			look, err := checkpoint.OpenReadOnly(dir, "p", quiet)
			if err != nil {
				t.Fatal(err)
			}
			if checkpoint.Fingerprint(want) != checkpoint.Fingerprint(loadAll(look)) {
				t.Errorf("read %d sinks otherwise than they were written", len(look.Sinks()))
			}
			look.Close()
			if now, _ := os.ReadFile(checkpoint.Path(dir, "p")); !bytes.Equal(now, raw) {
				t.Error("to look at it changed the file")
			}
			var said bytes.Buffer
			s, err := checkpoint.Open(dir, "p", logTo(&said))
			if err != nil || !strings.Contains(said.String(), "without checksums") {
				t.Fatalf("error %v; said %s", err, &said)
			}
			s.Close()
			said.Reset()
			if s, err = checkpoint.Open(dir, "p", logTo(&said)); err != nil || said.Len() > 0 {
				t.Fatalf("written anew it gives error %v; says %s", err, &said)
			}
			defer s.Close()
			if checkpoint.Fingerprint(want) != checkpoint.Fingerprint(loadAll(s)) {
				t.Error("written anew it is another")
			}
		})
	}
}

func TestAFileThatTheLeatBeforeHasOpen(t *testing.T) {
	t.Parallel()
	dir := put(t, unzip(t, "bbolt-small"))
	f, err := os.OpenFile(checkpoint.Path(dir, "p"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if _, err := checkpoint.Open(dir, "p", quiet); !errors.Is(err, checkpoint.ErrLocked) {
		t.Errorf("open: %v", err)
	}
	if _, err := checkpoint.OpenReadOnly(dir, "p", quiet); !errors.Is(err, checkpoint.ErrLocked) {
		t.Errorf("open to look at it: %v", err)
	}
	if _, err := checkpoint.Look(dir, "p", quiet); !errors.Is(err, checkpoint.ErrLocked) {
		t.Errorf("look at it beside: %v", err)
	}
}

// The format before has no checksums over what it stores: damage to its structure
// must be an error all the same, and never a panic or an endless walk.
func TestDamageToTheFormatBefore(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"bbolt-small", "bbolt-large"} {
		raw := unzip(t, name)
		r := rand.New(rand.NewPCG(3, 4))
		refused := 0
		for range 100 {
			at := r.IntN(len(raw))
			if name == "bbolt-small" {
				at = r.IntN(6 * 4096)
			}
			page := at / 4096 * 4096
			if r.IntN(2) == 0 {
				at = page + r.IntN(200) // where pages have their structure
			}
			before := raw[at]
			raw[at] ^= byte(1 + r.IntN(255))
			if _, _, err := checkpoint.Read(raw); err != nil {
				refused++
			}
			raw[at] = before
		}
		for size := 0; size < len(raw); size += max(4096, len(raw)/50) {
			_, _, _ = checkpoint.Read(raw[:size])
		}
		if refused < 10 {
			t.Errorf("%s: %d refused", name, refused)
		}
	}
}
