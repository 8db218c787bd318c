package engine

import (
	"testing"
	"time"

	"github.com/leat-io/leat/core/plugin"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func TestWhatAPluginSaysIsAsOldAsItsTrouble(t *testing.T) {
	t.Parallel()
	before := time.Now().Add(-time.Hour)
	tests := map[string]struct {
		waits waits
		says  string
		kept  bool
	}{
		"OK":                     {waits{}, "no answer for 11s", false},
		"the same":               {waits{detail: "no answer for 11s", since: before}, "no answer for 11s", true},
		"other words":            {waits{detail: "no answer for 11s", since: before}, "no answer for 16s", true},
		"what it has failed of":  {waits{trouble: "refused", attempts: 3, since: before}, "no answer", true},
		"it is over":             {waits{detail: "no answer", since: before}, "", false},
		"anew after it was over": {waits{since: before}, "no answer", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &keeper{waits: tt.waits, process: &plugin.Process{}}
			k.setHealth(&leatv1.HealthResponse{Detail: tt.says})
			if k.waits.text() != tt.says || k.waits.since.Equal(before) != tt.kept {
				t.Errorf("%q since %v", k.waits.text(), k.waits.since)
			}
		})
	}
}
