//go:build e2e

package pipeline_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/harness"
)

// fails runs a pipeline file and wants it to end with an exit code and words in
// its output.
func fails(t *testing.T, text string, code int, words ...string) {
	t.Helper()
	h := harness.Start(t, harness.WriteFile(t, text))
	if got := h.Wait(patience); got != code {
		t.Errorf("exit code %d, want %d", got, code)
	}
	for _, w := range words {
		if !strings.Contains(h.Log(), w) {
			t.Errorf("output lacks %q:\n%s", w, h.Log())
		}
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	text := lab.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, "wr0ng-s3cret")
	h := harness.Start(t, harness.WriteFile(t, text))
	if code := h.Wait(patience); code != 7 {
		t.Errorf("exit code %d, want 7", code)
	}
	if !strings.Contains(h.Log(), "Access denied") || !strings.Contains(h.Log(), "cdc") {
		t.Errorf("output does not say who was refused:\n%s", h.Log())
	}
	if strings.Contains(h.Log(), "wr0ng-s3cret") {
		t.Error("output shows the password")
	}
}

func TestUnreachableBroker(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY)")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	text := lab.PipelineText(t.TempDir(), db, db, addr, "cdc")
	text = strings.Replace(text, "retry_failed: 0s}", "retry_failed: 0s, max: 0}", 1) // an outage has no budget
	text = strings.Replace(text, "config: {brokers:", "config: {dial_timeout: 1s, brokers:", 1)
	h := harness.Start(t, harness.WriteFile(t, text))
	harness.Eventually(t, patience, func() error {
		v, err := h.Status()
		if err != nil {
			return err
		}
		if len(v.Plugins) == 0 {
			return errors.New("it has not begun")
		}
		kafka := v.Plugins[len(v.Plugins)-1]
		if kafka.Restarts < 7 || !strings.Contains(kafka.Detail, addr) || kafka.Since.IsZero() {
			return fmt.Errorf("sink kafka was started %d times again: %q since %v", kafka.Restarts, kafka.Detail, kafka.Since)
		}
		return nil
	})
	forward(t, addr, lab.Kafka.Bootstrap)
	began := time.Now()
	h.Ready()
	if took := time.Since(began); took > 7*time.Second { // 5 s, and the machine is busy
		t.Errorf("it is back %v after the broker", took)
	}
	if code := h.Stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// forward has addr answer as to does.
func forward(t *testing.T, addr, to string) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to) //nolint:noctx // it ends with the test
			if err != nil {
				in.Close()
				continue
			}
			go func() { _, _ = io.Copy(out, in); out.Close() }()
			go func() { _, _ = io.Copy(in, out); in.Close() }()
		}
	}()
}

func TestPurgedBinlog(t *testing.T) {
	db := newDatabase(t)
	lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT)", "INSERT INTO "+db+".t VALUES (1, 1)")
	file := lab.Pipeline(t, db, db)
	h := harness.Start(t, file)
	audit := lab.NewAudit(t, db+`\.`+db+`\.t`)
	audit.Until(map[int64]int64{1: 1}, patience)
	validates(t, file, 0) // beside the leat that runs
	if code := h.Stop(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	validates(t, file, 0, "sink kafka resumes at ")
	lab.Exec(t, "INSERT INTO "+db+".t VALUES (2, 1)", "FLUSH BINARY LOGS", "INSERT INTO "+db+".t VALUES (3, 1)", "FLUSH BINARY LOGS")
	conn, err := lab.MySQL.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r, err := conn.Execute("SHOW BINARY LOGS")
	if err != nil {
		t.Fatal(err)
	}
	last, err := r.GetString(len(r.Values)-1, 0)
	if err != nil {
		t.Fatal(err)
	}
	lab.Exec(t, "PURGE BINARY LOGS TO '"+last+"'")
	validates(t, file, 3, "error ", "resume sink kafka: the server has purged", "remove the checkpoint (leat checkpoint delete) so that a new snapshot is taken")
	h.Restart()
	if code := h.Wait(patience); code != 7 {
		t.Errorf("exit code %d, want 7", code)
	}
	if !strings.Contains(h.Log(), "purged") {
		t.Errorf("output does not speak of purged binlogs:\n%s", h.Log())
	}
}

func TestBadKey(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	t.Run("of the pipeline", func(t *testing.T) {
		t.Parallel()
		fails(t, lab.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, "cdc")+"bufer: 1MiB\n", 2,
			"pipeline.yaml:", "bufer", "buffer")
	})
	t.Run("of a plugin", func(t *testing.T) {
		t.Parallel()
		text := strings.Replace(lab.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, "cdc"), "    user:", "    usr: x\n    user:", 1)
		fails(t, text, 2, "pipeline.yaml:8", "source.config.usr", "user")
	})
}

func TestBrokerOutage(t *testing.T) {
	db := newDatabase(t)
	if os.Getenv("LEAT_E2E_KAFKA") != "" {
		t.Fatal("this test stops the broker: run it without LEAT_E2E_KAFKA")
	}
	lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL)", "INSERT INTO "+db+".t VALUES (1, 1)")
	h := harness.Start(t, lab.Pipeline(t, db, db))
	h.Ready()
	audit := lab.NewAudit(t, db+`\.`+db+`\.t`)
	audit.Until(map[int64]int64{1: 1}, patience)
	if err := lab.Kafka.Kill(); err != nil {
		t.Fatal(err)
	}
	lab.Exec(t, "UPDATE "+db+".t SET v = 2", "INSERT INTO "+db+".t VALUES (2, 1)")
	time.Sleep(2 * time.Second)
	if err := lab.Kafka.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	lab.Exec(t, "UPDATE "+db+".t SET v = 3 WHERE id = 1")
	audit.Until(map[int64]int64{1: 3, 2: 1}, 2*patience)
}
