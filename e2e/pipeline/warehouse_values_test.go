//go:build e2e

package pipeline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/harness"
)

// A name with a dot, a key and values that a signed number does not hold, and a
// truncation come to the warehouse as they are in the source.
func TestWarehouseShowsWhatTheSourceShows(t *testing.T) {
	t.Parallel()
	db, b := newDatabase(t), startWarehouse(t)
	lab.Exec(t, "CREATE TABLE "+db+".`t.dot` (id BIGINT UNSIGNED PRIMARY KEY, n BIGINT UNSIGNED NULL, i INT UNSIGNED NOT NULL)",
		"INSERT INTO "+db+".`t.dot` VALUES (18446744073709551615, 9223372036854775808, 4294967295), (1, NULL, 0)")
	text := strings.NewReplacer(
		"    tls:", "    truncate: emit\n    tls:",
		"config: {brokers:", "config: {topics: {config: {cleanup.policy: delete}}, brokers:", // its record has no key
	).Replace(lab.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, "cdc"))
	harness.Start(t, harness.WriteFile(t, withWarehouse(text, b)))
	shows := func(want []map[string]any) {
		t.Helper()
		harness.Eventually(t, 2*patience, func() error {
			rows, err := b.Table("test", db+"_t_dot").Rows()
			if err != nil {
				return err
			}
			if diff := cmp.Diff(want, rows); diff != "" {
				return fmt.Errorf("rows (-want +got):\n%s", diff)
			}
			return nil
		})
	}
	shows([]map[string]any{
		{"id": "1", "n": nil, "i": int64(0)},
		{"id": "18446744073709551615", "n": "9223372036854775808", "i": int64(4294967295)},
	})
	lab.Exec(t, "UPDATE "+db+".`t.dot` SET n = 18446744073709551615 WHERE id = 1", "DELETE FROM "+db+".`t.dot` WHERE id = 18446744073709551615")
	shows([]map[string]any{{"id": "1", "n": "18446744073709551615", "i": int64(0)}})
	lab.Exec(t, "TRUNCATE TABLE "+db+".`t.dot`", "INSERT INTO "+db+".`t.dot` VALUES (2, 2, 2)")
	shows([]map[string]any{{"id": "2", "n": "2", "i": int64(2)}})
}
