package position

import (
	"encoding/json"
	"strconv"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

// arenaSize is how much memory positions share; a checkpoint that is kept keeps
// no more than this alive.
const arenaSize = 16 << 10

// Writer renders positions. What it returns never changes afterwards.
type Writer struct {
	server []byte // in quotes
	file   []byte // in quotes
	name   string
	arena  []byte
}

// NewWriter renders positions of the server with this uuid.
func NewWriter(server string) *Writer { return &Writer{server: quote(server)} }

// Render returns the same text as Position.Base. A nil set and a nil
// transaction are left out.
func (w *Writer) Render(set *gtid.Set, in *gtid.GTID, at Place) []byte {
	if w.name != at.File {
		w.name, w.file = at.File, quote(at.File)
	}
	if cap(w.arena)-len(w.arena) < arenaSize/16 {
		w.arena = make([]byte, 0, arenaSize)
	}
	b := w.arena[len(w.arena):]
	b = append(append(b, `{"server":`...), w.server...)
	if set != nil {
		b = append(set.AppendText(append(b, `,"gtid":"`...)), '"')
	}
	if in != nil {
		b = append(in.AppendText(append(b, `,"in":"`...)), '"')
	}
	b = append(append(b, `,"file":`...), w.file...)
	b = strconv.AppendUint(append(b, `,"pos":`...), at.Pos, 10)
	b = append(b, '}')
	if len(b) <= cap(w.arena)-len(w.arena) {
		w.arena = w.arena[:len(w.arena)+len(b)]
	}
	return b[:len(b):len(b)]
}

func quote(s string) []byte {
	b, _ := json.Marshal(s) // a string never fails
	return b
}
