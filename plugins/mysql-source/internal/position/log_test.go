package position

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPosition_LogValue(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ base, want string }{
		"OK gtid":          {`{"server":"` + uuid + `","gtid":"` + uuid + `:1-77","file":"binlog.000003","pos":990,"created":1764240000}`, "binlog.000003:990, GTID set " + uuid + ":1-77"},
		"in a transaction": {`{"gtid":"` + uuid + `:1-77","in":"` + uuid + `:78","file":"binlog.000003","pos":990}`, "binlog.000003:990, GTID set " + uuid + ":1-77, within " + uuid + ":78"},
		"empty set":        {`{"gtid":"","file":"binlog.000001","pos":4}`, "binlog.000001:4, GTID set empty"},
		"no place":         {`{"gtid":"` + uuid + `:1-77"}`, "GTID set " + uuid + ":1-77"},
		"no GTIDs":         {`{"server":"` + uuid + `","file":"binlog.000003","pos":990}`, "binlog.000003:990, server " + uuid},
		"none":             {`{"snapshot":true}`, "none"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := Parse([]byte(tt.base))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, logged(t, p)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// logged returns what a log has of a position, which must be alike in text and JSON.
func logged(t *testing.T, p Position) string {
	t.Helper()
	var asJSON, asText bytes.Buffer
	for _, h := range []slog.Handler{slog.NewJSONHandler(&asJSON, nil), slog.NewTextHandler(&asText, nil)} {
		slog.New(h).Info("reading", "position", p)
	}
	var line struct{ Position string }
	if err := json.Unmarshal(asJSON.Bytes(), &line); err != nil {
		t.Fatalf("%s: %v", asJSON.String(), err)
	}
	if strings.Contains(asJSON.String(), `\`) || strings.Contains(asText.String(), `\`) {
		t.Errorf("something is escaped in %s%s", asJSON.String(), asText.String())
	}
	if !strings.Contains(asText.String(), line.Position) {
		t.Errorf("%q is not in %s", line.Position, asText.String())
	}
	return line.Position
}
