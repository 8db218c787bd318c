package servers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func login(host, password string) *MySQLServer {
	return &MySQLServer{
		Host: host, Port: 3306, User: "root", Password: password,
		CaptureUser: "root", CapturePassword: password,
	}
}

func TestParseDSN(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		dsn  string
		want *MySQLServer
		err  string
	}{
		"OK": {
			dsn:  "root:secret@db.example:3306",
			want: login("db.example", "secret"),
		},
		"OK without password": {
			dsn:  "root@127.0.0.1:3306",
			want: login("127.0.0.1", ""),
		},
		"OK separators in the password": {
			dsn:  "root:a@b:c@127.0.0.1:3306",
			want: login("127.0.0.1", "a@b:c"),
		},
		"OK IPv6": {
			dsn:  "root:x@[::1]:3306",
			want: login("::1", "x"),
		},
		"ErrNoUser":  {dsn: "127.0.0.1:3306", err: "no @"},
		"ErrNoPort":  {dsn: "root:x@127.0.0.1", err: "missing port"},
		"ErrPort":    {dsn: "root:x@127.0.0.1:99999", err: "malformed"},
		"ErrPort0":   {dsn: "root:x@127.0.0.1:0", err: "malformed"},
		"ErrNoHost":  {dsn: "root:x@:3306", err: "missing"},
		"ErrNoNames": {dsn: ":x@127.0.0.1:3306", err: "missing"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseDSN(tt.dsn)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("parseDSN = %v, want an error with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreUnexported(Process{})); diff != "" {
				t.Errorf("parseDSN (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseDSNKeepsThePasswordToItself(t *testing.T) {
	t.Parallel()
	_, err := parseDSN("root:hunter2@127.0.0.1:none")
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("parseDSN = %v, want an error without the password", err)
	}
}

func TestUnconfigurable(t *testing.T) {
	t.Parallel()
	if err := unconfigurable("mysql", EnvMySQL, Options{}); err != nil {
		t.Errorf("unconfigurable = %v, want nil for the zero options", err)
	}
	err := unconfigurable("mysql", EnvMySQL, Options{Flags: []string{"--gtid-mode=OFF"}})
	if err == nil || !strings.Contains(err.Error(), "--gtid-mode=OFF") || !strings.Contains(err.Error(), EnvMySQL) {
		t.Errorf("unconfigurable = %v, want it to name the flag and %s", err, EnvMySQL)
	}
}
