package engine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/status"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func TestProgressFromProto(t *testing.T) {
	t.Parallel()
	behind, left := uint64(7), 3600.5
	tests := map[string]struct {
		in   *leatv1.SourceProgress
		want *status.Progress
	}{
		"OK nothing said": {nil, nil},
		"OK nothing yet":  {&leatv1.SourceProgress{}, &status.Progress{}},
		"OK all": {
			&leatv1.SourceProgress{
				LastTransaction: 2e6, LastRow: 1e6, TransactionsBehind: &behind, RetentionSeconds: &left, Retention: "sink k needs a file",
				Tables: []*leatv1.TableProgress{{Database: "d", Schema: "s", Table: "t", Rows: 3, LastChange: 1e6}, {Rows: 1}},
			},
			&status.Progress{
				LastTransaction: time.Unix(2, 0).UTC(), LastRow: time.Unix(1, 0).UTC(), TransactionsBehind: &behind, RetentionSeconds: &left, Retention: "sink k needs a file",
				Tables: []status.Table{{Database: "d", Schema: "s", Table: "t", Rows: 3, LastChange: time.Unix(1, 0).UTC()}, {Rows: 1}},
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, progressFromProto(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
