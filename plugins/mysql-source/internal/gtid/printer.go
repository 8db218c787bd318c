package gtid

import (
	"strconv"
	"strings"
)

// printerMemory is shared by texts; one that is kept keeps all of it alive.
const printerMemory = 4 << 10

// Printer renders one identifier after the other, most of them of one source.
// The zero value is ready. It is not safe for concurrent use.
type Printer struct {
	source Source
	prefix string // the source's text and a colon; empty at first
	text   strings.Builder
}

// Print returns what GTID.String does.
func (p *Printer) Print(g GTID) string {
	if p.prefix == "" || g.Source != p.source {
		p.source, p.prefix = g.Source, g.Source.String()+":"
	}
	var digits [20]byte
	number := strconv.AppendInt(digits[:0], g.Number, 10)
	if p.text.Cap()-p.text.Len() < len(p.prefix)+len(number) {
		p.text.Reset() // the memory stays with the texts
		p.text.Grow(printerMemory)
	}
	from := p.text.Len()
	p.text.WriteString(p.prefix)
	p.text.Write(number)
	return p.text.String()[from:]
}
