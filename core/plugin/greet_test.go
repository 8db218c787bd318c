package plugin

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/leat-io/leat/sdk/frame"
)

func TestAcceptErrors(t *testing.T) {
	t.Parallel()
	token := []byte("0123456789abcdef0123456789abcdef")
	hello := func(token string) *frame.Frame {
		return &frame.Frame{Header: frame.Header{Type: frame.Hello}, Payload: []byte(token)}
	}
	tests := map[string]struct {
		send *frame.Frame
		pid  int
		want error
	}{
		"OK":                       {hello(string(token)), os.Getpid(), nil},
		"errStranger: wrong token": {hello("0123456789abcdef0123456789abcdeX"), os.Getpid(), errStranger},
		"errStranger: no token":    {hello(""), os.Getpid(), errStranger},
		"errStranger: wrong frame": {&frame.Frame{Header: frame.Header{Type: frame.Batch}, Payload: token}, os.Getpid(), errStranger},
		"errStranger: wrong pid":   {hello(string(token)), os.Getppid(), errStranger},
		"ErrTooLarge":              {hello(string(make([]byte, 1000))), os.Getpid(), frame.ErrTooLarge},
		"EOF":                      {nil, os.Getpid(), io.EOF},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := socketPath(t)
			l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			peer, err := net.Dial("unix", path)
			if err != nil {
				t.Fatal(err)
			}
			defer peer.Close()
			if tt.send == nil {
				peer.Close()
			} else if err := frame.NewWriter(peer).Write(tt.send); err != nil {
				t.Fatal(err)
			}
			conn, err := accept(l, tt.pid, token)
			if !errors.Is(err, tt.want) || (conn == nil) != (tt.want != nil) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if conn != nil {
				conn.Close()
			}
		})
	}
}

// socketPath is in a folder with a short name: a socket's path has a limit.
func socketPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "leat") //nolint:usetesting // T.TempDir has the test's name in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}
