//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

func TestSource_acceptance(t *testing.T) {
	for name, compression := range map[string]string{"plain": "OFF", "compressed": "ON"} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE _not (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT)")
			config := map[string]any{
				"host": b.config.Host, "port": b.config.Port, "user": b.server.CaptureUser, "password": b.server.CapturePassword,
				"tls": map[string]any{"mode": "disabled"}, "include": map[string]any{"tables": b.config.Include.Tables}, "heartbeat": "200ms",
			}
			with := func(key string, value any) map[string]any {
				c := map[string]any{key: value}
				for k, v := range config {
					if k != key {
						c[k] = v
					}
				}
				return c
			}
			next := 0
			sdktest.Source(t, sdktest.SourceDriver{
				Driver: sdktest.Driver{
					New:     func() *sdk.Plugin { return sdk.NewSource(info, DefaultConfig, New) },
					Config:  config,
					Invalid: map[string]any{"port": with("port", 0), "heartbeat": with("heartbeat", "0s")},
					Faults: []sdktest.Fault{
						{Name: "wrong password", Config: with("password", "wrong")},
						{Name: "nobody listens", Config: with("port", 1), Transient: true},
						{Name: "certificate that nobody vouches for", Config: with("tls", map[string]any{"mode": "verify_ca"})},
					},
				},
				Produce: func(t *testing.T, changes int) []string {
					t.Helper()
					return b.produce(&next, changes, compression)
				},
				ID: func(r sdktest.Record) string {
					if r.Change == nil || r.Change.After == nil {
						return ""
					}
					return show(r.Row, r.Change.After)
				},
			})
		})
	}
}

// produce inserts rows in transactions of three, with rows of another table in
// between.
func (b *bench) produce(next *int, changes int, compression string) []string {
	statements := []string{"SET SESSION binlog_transaction_compression=" + compression}
	var ids []string
	for i := range changes {
		if i%3 == 0 {
			statements = append(statements, "COMMIT", "BEGIN", "INSERT INTO _not (v) VALUES ('x'), (REPEAT('y', 300))")
		}
		statements = append(statements, fmt.Sprintf("INSERT INTO a VALUES (%d)", *next))
		ids = append(ids, fmt.Sprintf("{%d}", *next))
		*next++
	}
	b.exec(append(statements, "COMMIT")...)
	return ids
}
