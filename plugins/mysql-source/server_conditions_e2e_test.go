//go:build e2e

package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

func TestSource_refusedConnections(t *testing.T) {
	tests := map[string]struct {
		change    func(*Config)
		want      string
		transient bool
		key       string
	}{
		"bad password":                        {func(c *Config) { c.Password = config.NewSecret("wrong") }, "check user and password", false, "password"},
		"unknown user":                        {func(c *Config) { c.User = config.NewText("nobody_here") }, "check user and password", false, "password"},
		"unknown host":                        {func(c *Config) { c.Host = "no-such-host.invalid" }, "is not known", true, "host"},
		"nobody listens":                      {func(c *Config) { c.Port = 1 }, "connection refused", true, "host"},
		"certificate that nobody vouches for": {func(c *Config) { c.TLS.Mode = "verify_identity" }, "not trusted", false, "tls.server_name"},
		"authority unknown":                   {func(c *Config) { c.TLS.Mode = "verify_ca" }, "not trusted", false, "tls.ca"},
	}
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bad := *b
			bad.T = t
			tt.change(&bad.config)
			if got := bad.key(); got != tt.key {
				t.Errorf("validate blames %q, want %q", got, tt.key)
			}
			err := bad.readAll(t.Context(), newRecorder(1))
			if err == nil || !strings.Contains(err.Error(), tt.want) || sdk.IsTransient(err) != tt.transient {
				t.Errorf("got %v, want %q, transient %v", err, tt.want, tt.transient)
			}
			if err != nil && strings.Contains(err.Error(), "wrong") {
				t.Error("the error tells the password")
			}
		})
	}
}

func TestSource_TLS(t *testing.T) {
	for _, mode := range []string{"preferred", "required"} {
		t.Run(mode, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)")
			b.config.TLS.Mode = mode
			x := b.start(newRecorder(1))
			x.expect(0, "r a {1}")
			x.reading()
			b.exec("INSERT INTO a WITH RECURSIVE n AS (SELECT 2 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i FROM n")
			want := []string{"r a {1}"}
			for i := 2; i <= 900; i++ {
				want = append(want, fmt.Sprintf("c a {%d}", i))
			}
			x.expect(0, want...)
			x.stop()
		})
	}
}

// A user may have no more than it needs, and a password that the server has not
// seen since it was started, which it takes without TLS only by its public key.
func TestSource_leastPrivileges(t *testing.T) {
	for name, lock := range map[string]string{"global lock": "RELOAD ON *.*", "table locks": "LOCK TABLES ON DB.*"} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)", "CREATE TABLE _b (id INT PRIMARY KEY)")
			b.exec("DROP USER IF EXISTS leat_least", "CREATE USER leat_least IDENTIFIED BY 'p''w'",
				"GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO leat_least", "GRANT SELECT ON "+b.db+".* TO leat_least",
				"GRANT "+strings.ReplaceAll(lock, "DB", b.db)+" TO leat_least")
			t.Cleanup(func() { b.exec("DROP USER leat_least") })
			b.config.User, b.config.Password = config.NewText("leat_least"), config.NewSecret("p'w")
			x := b.start(newRecorder(1))
			x.expect(0, "r a {1}")
			x.reading()
			b.exec("INSERT INTO a VALUES (2)")
			x.expect(0, "r a {1}", "c a {2}")
			x.stop()
		})
	}
}

// Writers go on while the snapshot begins; nothing is lost and nothing twice.
func TestSource_snapshotUnderWrites(t *testing.T) {
	for name, lock := range map[string]string{"global lock": "RELOAD ON *.*", "table locks": "LOCK TABLES ON *.*"} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY AUTO_INCREMENT, w INT NOT NULL)")
			b.exec("DROP USER IF EXISTS leat_lock", "CREATE USER leat_lock IDENTIFIED BY 'x'",
				"GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO leat_lock", "GRANT "+lock+" TO leat_lock")
			t.Cleanup(func() { b.exec("DROP USER leat_lock") })
			b.config.User, b.config.Password = config.NewText("leat_lock"), config.NewSecret("x")
			ctx, cancel := context.WithCancel(t.Context())
			counts := make(chan int, 3)
			for w := range 3 {
				go func() { counts <- b.write(ctx, w) }()
			}
			time.Sleep(300 * time.Millisecond)
			r := newRecorder(1)
			x := b.start(r)
			x.reading()
			time.Sleep(300 * time.Millisecond)
			cancel()
			total := <-counts + <-counts + <-counts
			x.until(func() bool { return len(r.texts(0, 0)) >= total })
			x.stop()
			seen := map[string]bool{}
			for _, text := range r.texts(0, 0) {
				row := text[strings.IndexByte(text, '{'):]
				if seen[row] {
					t.Errorf("%s came twice", text)
				}
				seen[row] = true
			}
			if len(seen) != total {
				t.Errorf("got %d rows of %d that were written", len(seen), total)
			}
		})
	}
}

// write inserts rows until ctx ends, and returns how many.
func (b *bench) write(ctx context.Context, w int) int {
	conn, err := b.server.DB(context.WithoutCancel(ctx))
	if err != nil {
		b.Error(err)
		return 0
	}
	defer conn.Close()
	for n := 0; ; n++ {
		if ctx.Err() != nil {
			return n
		}
		if _, err := conn.Execute(fmt.Sprintf("INSERT INTO %s.a (w) VALUES (%d)", b.db, w)); err != nil {
			b.Error(err)
			return n
		}
	}
}

func TestSource_withoutGTIDs(t *testing.T) {
	server, err := servers.MySQL(t.Context(), servers.Options{Flags: []string{"--gtid_mode=OFF", "--enforce_gtid_consistency=OFF", "--binlog_row_metadata=MINIMAL"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	filePositions(t, benchOn(t, server, "CREATE TABLE a (id INT PRIMARY KEY)"))
}

func TestSource_MariaDB(t *testing.T) {
	server, err := servers.MariaDB(t.Context(), servers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	filePositions(t, benchOn(t, server, "CREATE TABLE a (id INT PRIMARY KEY)"))
}

// filePositions crashes and fails over a source that goes by file and offset.
func filePositions(t *testing.T, b *bench) {
	t.Helper()
	r := newRecorder(1)
	b.start(r).stopWhenReading()
	var want []string
	for i := range 10 {
		b.exec("BEGIN", fmt.Sprintf("INSERT INTO a VALUES (%d), (%d)", 10*i, 10*i+1), fmt.Sprintf("INSERT INTO a VALUES (%d)", 10*i+2), "COMMIT")
		want = append(want, fmt.Sprintf("c a {%d}", 10*i), fmt.Sprintf("c a {%d}", 10*i+1), fmt.Sprintf("c a {%d}", 10*i+2))
	}
	b.exec("ALTER TABLE a ADD v INT", "FLUSH LOGS", "INSERT INTO a VALUES (1000, 1)")
	want = append(want, "c a {1000 1}")
	b.crashes(r, 4, len(want))
	x := b.start(r)
	x.expect(0, want...)
	b.killDumps()
	b.exec("DELETE FROM a WHERE id = 1000")
	x.expect(0, append(want, "d a {1000 1}")...)
	x.stop()
	r.points[0].Position.Base = []byte(strings.Replace(string(r.points[0].Position.Base), `{"server":"`, `{"server":"other-`, 1))
	if err := b.readAll(t.Context(), r); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "belongs to the server other-") {
		t.Errorf("got %v from another server's position", err)
	}
}

func TestSource_Validate(t *testing.T) {
	tests := map[string]struct {
		change func(*bench)
		want   string // a finding that is no OK, empty if all are
	}{
		"OK":          {func(*bench) {}, ""},
		"no tables":   {func(b *bench) { b.config.Include.Tables = []string{"nothing"} }, "error tables"},
		"no key":      {func(b *bench) { b.exec("CREATE TABLE nokey (id INT)") }, "warning table DB.nokey"},
		"unreachable": {func(b *bench) { b.config.Port = 1 }, "error connection"},
		"no privileges": {func(b *bench) {
			b.exec("DROP USER IF EXISTS leat_none", "CREATE USER leat_none")
			b.config.User, b.config.Password = config.NewText("leat_none"), config.NewSecret("")
		}, "error grants"},
		"number taken": {func(b *bench) { b.config.ServerID = 1; b.exec("SET GLOBAL server_id = 1") }, "error server_id"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
			t.Cleanup(func() { b.exec("DROP USER IF EXISTS leat_none", "SET GLOBAL server_id = 101") })
			tt.change(b)
			var got []string
			for _, f := range b.findings() {
				if f.Severity != sdk.OK {
					got = append(got, f.Severity.String()+" "+f.Check)
				}
			}
			want := strings.ReplaceAll(tt.want, "DB", b.db)
			if all := strings.Join(got, ", "); (want == "") != (all == "") || !strings.Contains(all, want) {
				t.Errorf("got %q, want %q", all, want)
			}
		})
	}
}

// findings are those of validate.
func (b *bench) findings() []sdk.Finding {
	b.Helper()
	s, err := New(b.config, sdk.Env{Pipeline: b.db, Metrics: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return s.(*Source).Validate(b.Context())
}
