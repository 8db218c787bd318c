package stream

import (
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/sdk"
)

func TestOnlyCurrent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		op          binlog.Operation
		first, then bool // they are past
		want        sdk.Op
		key         string
	}{
		"insert":             {binlog.Insert, false, false, sdk.Create, "k2"},
		"insert of the past": {binlog.Insert, true, false, 0, "k2"},
		"delete of the past": {binlog.Delete, true, false, 0, "k2"},
		"delete":             {binlog.Delete, false, false, sdk.Delete, "k2"},
		"update":             {binlog.Update, false, false, sdk.Update, "k2"},
		"row becomes past":   {binlog.Update, false, true, sdk.Delete, "k1"},
		"row is current":     {binlog.Update, true, false, sdk.Create, "k2"},
		"past stays past":    {binlog.Update, true, true, 0, "k2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, second := row.Row{Key: []byte("k1"), Past: tt.first}, row.Row{Past: tt.then}
			c := sdk.Change{Op: map[binlog.Operation]sdk.Op{binlog.Insert: sdk.Create, binlog.Update: sdk.Update, binlog.Delete: sdk.Delete}[tt.op], Key: []byte("k2"), OldKey: []byte("k1"), Before: []byte("b"), After: []byte("a")}
			onlyCurrent(tt.op, &first, &second, &c)
			if c.Op != tt.want || string(c.Key) != tt.key {
				t.Errorf("got %+v", c)
			}
			if tt.op == binlog.Update && (c.Op == sdk.Delete && (c.After != nil || c.OldKey != nil) || c.Op == sdk.Create && (c.Before != nil || c.OldKey != nil)) {
				t.Errorf("got %+v", c)
			}
		})
	}
}
