//go:build e2e

package pipeline_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/harness"
	"github.com/leat-io/leat/e2e/servers"
)

// proxied is a lab whose broker is reached through a proxy.
func proxied(t *testing.T) (*harness.Lab, *servers.KafkaProxy) {
	t.Helper()
	proxy, err := servers.NewKafkaProxy()
	if err != nil {
		t.Fatal(err)
	}
	kafka, err := servers.Kafka(t.Context(), servers.Options{Flags: []string{proxy.Advertise()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(proxy.Close(), kafka.Close()); err != nil {
			t.Errorf("stop kafka: %v", err)
		}
	})
	proxy.Target(kafka.Bootstrap)
	held := *lab
	held.Kafka = kafka
	return &held, proxy
}

// TestLateRequest has a request of a killed host reach the broker after the next
// host has written, and before.
func TestLateRequest(t *testing.T) {
	lab, proxy := proxied(t)
	for name, late := range map[string]bool{"after the first write of the next": true, "before it": false} {
		t.Run(name, func(t *testing.T) {
			db := newDatabase(t)
			lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL)", "INSERT INTO "+db+".t VALUES (1, 1)")
			h := harness.Start(t, lab.Pipeline(t, db, db))
			h.Ready()
			audit := lab.NewAudit(t, db+`\.`+db+`\.t`)
			audit.Until(map[int64]int64{1: 1}, patience)

			proxy.Hold()
			lab.Exec(t, "UPDATE "+db+".t SET v = 2 WHERE id = 1")
			harness.Eventually(t, patience, func() error {
				if proxy.Held() == 0 {
					return errors.New("no request is held")
				}
				return nil
			})
			h.Kill()
			release := proxy.Pass()
			if !late {
				release()
			}
			h.Restart()
			h.Ready()
			lab.Exec(t, "UPDATE "+db+".t SET v = 3 WHERE id = 1")
			audit.Until(map[int64]int64{1: 3}, patience)
			release()
			harness.Eventually(t, patience, func() error {
				if n := proxy.Held(); n > 0 {
					return fmt.Errorf("%d requests are held", n)
				}
				return nil
			})
			audit.Quiet(map[int64]int64{1: 3}, 2*time.Second)
		})
	}
}

// TestTwoHosts runs one pipeline in two places, each with checkpoints of its own:
// the older one stops, and says why; the younger one goes on.
func TestTwoHosts(t *testing.T) {
	db := newDatabase(t)
	lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL)", "INSERT INTO "+db+".t VALUES (1, 1)")
	start := func(serverID int) *harness.Host { // a server id of its own, or MySQL itself ends the older one
		text := lab.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, "cdc")
		text = strings.Replace(text, "user: cdc", fmt.Sprintf("user: cdc\n    server_id: %d", serverID), 1)
		// The older one must not come back, whatever becomes of other failures.
		return harness.Start(t, harness.WriteFile(t, strings.Replace(text, "retry_failed: 0s", "retry_failed: 1s", 1)))
	}
	older := start(4001)
	older.Ready()
	younger := start(4002)
	younger.Ready()
	audit := lab.NewAudit(t, db+`\.`+db+`\.t`)
	for v := int64(2); v < 5; v++ {
		lab.Exec(t, "UPDATE "+db+".t SET v = v + 1 WHERE id = 1")
		audit.Until(map[int64]int64{1: v}, patience)
	}
	// The older one has written whatever came before the younger one's record, if anything.
	for v := int64(5); older.Running() && v < 200; v++ {
		lab.Exec(t, "UPDATE "+db+".t SET v = v + 1 WHERE id = 1")
		audit.Until(map[int64]int64{1: v}, patience)
	}
	if code := older.Wait(patience); code != 7 {
		t.Errorf("the older host ends with code %d", code)
	}
	for _, part := range []string{"INVALID_PRODUCER_EPOCH", "run the pipeline in one place only"} {
		if !strings.Contains(older.Log(), part) {
			t.Errorf("its log does not say %q", part)
		}
	}
	younger.Ready()
}
