//go:build e2e

package main

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// finding is one that validate makes, what it says and asks for, and that done.
type finding struct {
	check    string
	severity sdk.Severity
	run      step
	says     []string // in message or cure
	never    string
	do       step
}

// What validate asks for makes the finding go away.
func TestCures_validate(t *testing.T) {
	const variable = "SET GLOBAL "
	account := func(create ...string) step {
		return func(b *bench, r *recorder) *recorder {
			b.Helper()
			b.account(create)
			return r
		}
	}
	findings := map[string]finding{
		"row image": {
			"binlog_row_image", sdk.Error, mend(variable + "binlog_row_image=MINIMAL"),
			[]string{"set binlog_row_image=FULL"},
			"", mend(variable + "binlog_row_image=FULL"),
		},
		"row format": {
			"binlog_format", sdk.Error, mend(variable + "binlog_format=MIXED"),
			[]string{"set binlog_format=ROW"},
			"", mend(variable + "binlog_format=ROW"),
		},
		"JSON": {
			"binlog_row_value_options", sdk.Error, mend(variable + "binlog_row_value_options=PARTIAL_JSON"),
			[]string{"set binlog_row_value_options=''"},
			"", mend(variable + "binlog_row_value_options=''"),
		},
		"metadata": {
			"binlog_row_metadata", sdk.Warning, mend(variable + "binlog_row_metadata=MINIMAL"),
			[]string{"set binlog_row_metadata=FULL"},
			"", mend(variable + "binlog_row_metadata=FULL"),
		},
		"retention": {
			"retention", sdk.Warning, mend(variable + "binlog_expire_logs_seconds=3600"),
			[]string{"set binlog_expire_logs_seconds to 259200 or more"},
			"", mend(variable + "binlog_expire_logs_seconds=259200"),
		},
		"server_id": {
			"server_id", sdk.Error, set(func(b *bench) { b.config.ServerID = 101 }),
			[]string{"choose another server_id"},
			"", set(func(b *bench) { b.config.ServerID = 4711 }),
		},
		"grants": {
			"grants", sdk.Error, account("CREATE USER USER IDENTIFIED BY 'x'", "GRANT SELECT, RELOAD ON *.* TO USER"),
			[]string{"GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'leat_account'"},
			"", mend("GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'leat_account'"),
		},
		"position": {
			"position", sdk.Error, account("CREATE USER USER IDENTIFIED BY 'x'", "GRANT SELECT, RELOAD, REPLICATION SLAVE ON *.* TO USER"),
			[]string{"REPLICATION CLIENT"},
			"syntax", mend("GRANT REPLICATION CLIENT ON *.* TO 'leat_account'"),
		},
		"lock": {
			"grants", sdk.Error, account("CREATE USER USER IDENTIFIED BY 'x'", "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO USER"),
			[]string{"GRANT RELOAD ON *.* TO 'leat_account'", "LOCK TABLES on the captured databases"},
			"", mend("GRANT RELOAD ON *.* TO 'leat_account'"),
		},
		"lock without rows": {
			"grants", sdk.Error, then(account("CREATE USER USER IDENTIFIED BY 'x'", "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO USER"), func(b *bench, r *recorder) *recorder {
				b.Helper()
				b.config.Snapshot.Mode = "no_data"
				if err := b.readAll(b.Context(), newRecorder(1)); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "LOCK TABLES") {
					b.Errorf("got %v, want a beginning without rows to need a lock too", err)
				}
				return r
			}),
			[]string{"GRANT RELOAD ON *.* TO 'leat_account'", "snapshot.mode: no_data"},
			"set snapshot.mode", mend("GRANT RELOAD ON *.* TO 'leat_account'"),
		},
		"connections": {
			"connections", sdk.Error, account("CREATE USER USER IDENTIFIED BY 'x' WITH MAX_USER_CONNECTIONS 2", "GRANT "+accountRights+" TO USER"),
			[]string{"ALTER USER 'leat_account'@'…' WITH MAX_USER_CONNECTIONS 7 or more"},
			"", mend("ALTER USER 'leat_account'@'%' WITH MAX_USER_CONNECTIONS 7"),
		},
		"password": {
			"connection", sdk.Error, account("CREATE USER USER IDENTIFIED BY 'y'", "GRANT "+accountRights+" TO USER"),
			[]string{"check user and password"},
			"host", set(func(b *bench) { b.config.Password = config.NewSecret("y") }),
		},
		"nothing captured": {
			"tables", sdk.Error, set(func(b *bench) { b.config.Include.Tables = []string{"a"} }),
			[]string{"they must match the whole name"},
			"", set(func(b *bench) { b.config.Include.Tables = []string{b.db + `\.a`} }),
		},
		"no key": {
			"table DB.k", sdk.Warning, mend("CREATE TABLE k (id INT NOT NULL)"),
			[]string{"add a primary key"},
			"", mend("ALTER TABLE k ADD PRIMARY KEY (id)"),
		},
		"no transactions": {
			"table DB.m", sdk.Warning, mend("CREATE TABLE m (id INT PRIMARY KEY) ENGINE=MyISAM"),
			[]string{"ENGINE=InnoDB"},
			"", mend("ALTER TABLE m ENGINE=InnoDB"),
		},
		"filter that passes nothing": {
			"gtid", sdk.Error, set(func(b *bench) { b.config.GTID.Include = []string{"00000000-1111-2222-3333-444444444444"} }),
			[]string{"add UUID to gtid.include", "remove both"},
			"", set(func(b *bench) { b.config.GTID.Include = append(b.config.GTID.Include, b.ask("SELECT @@server_uuid")) }),
		},
		"filter that excludes the server": {
			"gtid", sdk.Error, set(func(b *bench) { b.config.GTID.Exclude = []string{b.ask("SELECT @@server_uuid")} }),
			[]string{"take it out of gtid.exclude"},
			"", set(func(b *bench) { b.config.GTID.Exclude = nil }),
		},
	}
	b := benchOn(t, own(t, servers.MySQL, "--binlog_expire_logs_seconds=2592000", "--server_id=101"), "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)")
	for name, f := range findings {
		t.Run(name, func(t *testing.T) {
			sub := *b
			sub.T = t
			f.follow(&sub)
		})
	}
}

func (f *finding) follow(b *bench) {
	b.Helper()
	b.Cleanup(func() { b.exec("DROP TABLE IF EXISTS k, m") })
	check := strings.ReplaceAll(f.check, "DB", b.db)
	find := func() (sdk.Finding, bool) {
		for _, x := range b.findings() {
			if x.Check == check && x.Severity != sdk.OK {
				return x, true
			}
		}
		return sdk.Finding{}, false
	}
	if x, there := find(); there {
		b.Fatalf("it is there before: %+v", x)
	}
	f.run(b, nil)
	x, there := find()
	inMessage := check == "connection" // an error of the server has its cure with it
	if !there || x.Severity != f.severity || x.Cure == "" && !inMessage {
		b.Fatalf("found %+v, want a %s of %s with a cure", x, f.severity, check)
	}
	text := x.Message + "\n" + x.Cure
	for _, says := range f.says {
		if says = strings.ReplaceAll(says, "UUID", b.ask("SELECT @@server_uuid")); !strings.Contains(text, says) {
			b.Errorf("it says %q, want %q", text, says)
		}
	}
	if f.never != "" && strings.Contains(x.Path+" "+text, " "+f.never) || x.Path == f.never && f.never != "" {
		b.Errorf("it tells of %s: %q at %s", f.never, text, x.Path)
	}
	f.do(b, nil)
	if x, there := find(); there {
		b.Errorf("it is still there after its cure: %+v", x)
	}
}
