package stream

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// isSequence reports a sequence of MariaDB. The log has its numbers as rows, but
// it is no table, and nothing identifies such a row: it is left out, and that is
// said whenever the log tells of it anew.
func (s *Stream) isSequence(name table.Name, def *table.Table) bool {
	if def == nil || !def.Sequence {
		return false
	}
	s.Logger.Info("a sequence is not captured", "sequence", name.String())
	return true
}
