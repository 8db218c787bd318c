package row

import (
	"fmt"

	"github.com/go-mysql-org/go-mysql/mysql"
)

// FromText encodes a row that was selected with SelectList, as the callback of
// ExecuteSelectStreaming gets it, into out. The bytes are those that Decode
// makes of the same row in the log.
func (p *Plan) FromText(values []mysql.FieldValue, out *Row) error {
	if len(values) != len(p.columns) {
		return fmt.Errorf("encode row of table %s: %d values for %d columns; select the plan's list", p.table.ID(), len(values), len(p.columns))
	}
	dst := out.reset()
	for i, c := range p.columns {
		var err error
		if dst, err = c.appendField(&values[i], dst); err != nil {
			return fmt.Errorf("encode column %s of table %s: %w", c.name, p.table.ID(), err)
		}
		out.ends = append(out.ends, len(dst))
	}
	p.seal(out, dst)
	return nil
}
