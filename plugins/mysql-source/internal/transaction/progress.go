package transaction

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// Progress is how far one sink has come.
type Progress struct {
	// Done is what it has; only Place counts where the log has no identifiers.
	Done position.Position
	// Skip is the number of rows it has of the transaction that follows.
	Skip uint64
}

// needs says whether the sink lacks the group, and how many of its rows it has.
func (p *Progress) needs(g *group) (skip uint64, ok bool) {
	if g.byID {
		if p.Done.GTID.Contains(g.id) {
			return 0, false
		}
		if p.Done.In != nil && *p.Done.In == g.id {
			return p.Skip, true
		}
		return 0, true
	}
	switch c := p.Done.Compare(g.start); {
	case c > 0:
		return 0, false
	case c == 0:
		return p.Skip, true
	default:
		return 0, true
	}
}

// passed says whether the stream has come as far as the sink, so that the sink
// needs all that follows.
func (p *Progress) passed(executed *gtid.Set, at position.Place) bool {
	if executed != nil {
		return executed.Includes(p.Done.GTID) && (p.Done.In == nil || executed.Contains(*p.Done.In))
	}
	c := p.Done.Compare(at)
	return c < 0 || c == 0 && p.Skip == 0
}
