package position

import (
	"encoding/json"
	"strconv"
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

// Render returns the same text as Position.Base does for the position with this
// set, place, file's creation and anchor, and in as the text of its transaction.
func (w *Writer) Render(p *Position, in, anchor string) []byte {
	set, at := p.GTID, p.Place
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
	b = strconv.AppendUint(b, at.Pos, 10)
	if p.Created != 0 {
		b = strconv.AppendInt(append(b, `,"created":`...), p.Created, 10)
	}
	if p.Anchor != nil {
		b = p.Anchor.append(b, anchor)
	}
	b = append(b, '}')
	w.last, w.spare = b, w.last
	return b
}

func (a *Anchor) append(b []byte, id string) []byte {
	b = append(b, `,"anchor":{`...)
	if id != "" {
		b = append(append(append(b, `"id":"`...), id...), `",`...)
	}
	if a.Pos != 0 {
		b = append(strconv.AppendUint(append(b, `"pos":`...), a.Pos, 10), ',')
	}
	return append(strconv.AppendInt(append(b, `"time":`...), a.Time, 10), '}')
}

func quote(s string) []byte {
	b, _ := json.Marshal(s) // a string never fails
	return b
}
