package binlog

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
)

func TestBegun(t *testing.T) {
	t.Parallel()
	two := (&binlogtest.Log{Pos: 4, Seconds: 9}).Format(false)
	two.Seconds = 77
	two.Format(false) // of the file behind it
	tests := map[string]struct {
		log  *binlogtest.Log
		want int64
		err  error
	}{
		"OK":               {(&binlogtest.Log{Pos: 4, Seconds: 9}).Format(false), 9, nil},
		"OK not the next":  {two, 9, nil},
		"a file that ends": {&binlogtest.Log{Pos: 4}, 0, io.EOF},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var packets [][]byte
			for _, e := range tt.log.Events {
				packets = append(packets, append([]byte{0}, e...))
			}
			conn := serve(t, append(packets, []byte{0xfe})...)
			defer func() { _ = conn.Close() }()
			got, err := begun(conn, time.Minute)
			if !errors.Is(err, tt.err) || err == nil && got.Unix() != tt.want {
				t.Errorf("got %v, %v; want %d, %v", got, err, tt.want, tt.err)
			}
		})
	}
}
