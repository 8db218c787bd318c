package position

import (
	"encoding/json"
	"strconv"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

// Writer renders positions into two buffers that take turns. A text holds until
// the next but one is rendered, which suits a reader that keeps the last one only.
type Writer struct {
	head []byte // up to the server
	file []byte // from the file to before the offset
	name string // of the file
	// last is the buffer of the last text, spare that of the next.
	last, spare []byte
}

// NewWriter renders positions of the server with this uuid.
func NewWriter(server string) *Writer {
	return &Writer{head: append([]byte(`{"server":`), quote(server)...)}
}

// Render returns the same text as Position.Base. A nil set and an empty
// transaction are left out.
func (w *Writer) Render(set *gtid.Set, in string, at Place) []byte {
	if w.file == nil || w.name != at.File {
		w.name = at.File
		w.file = append(append([]byte(`,"file":`), quote(at.File)...), `,"pos":`...)
	}
	b := w.spare[:0]
	b = append(b, w.head...)
	if set != nil {
		b = append(set.AppendText(append(b, `,"gtid":"`...)), '"')
	}
	if in != "" {
		b = append(append(append(b, `,"in":"`...), in...), '"')
	}
	b = append(b, w.file...)
	b = append(strconv.AppendUint(b, at.Pos, 10), '}')
	w.last, w.spare = b, w.last
	return b
}

func quote(s string) []byte {
	b, _ := json.Marshal(s) // a string never fails
	return b
}
