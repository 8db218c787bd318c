//go:build e2e

package pipeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leat-io/leat/e2e/harness"
)

// TestPasswordChangesWhileThePipelineRuns changes a password that the pipeline file
// takes from a file. The source's process goes on with the new one, and so does one
// that the host starts anew, although the host has read the old one.
func TestPasswordChangesWhileThePipelineRuns(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	user := "u" + db[max(0, len(db)-20):]
	lab.Exec(t, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT)", "INSERT INTO "+db+".t VALUES (1, 1)",
		"CREATE USER "+user+" IDENTIFIED BY 'f1rst-s3cret'", "GRANT SELECT, RELOAD, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO "+user)
	secret := filepath.Join(t.TempDir(), "password")
	write := func(password string) {
		if err := os.WriteFile(secret+".new", []byte(password+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(secret+".new", secret); err != nil {
			t.Fatal(err)
		}
	}
	write("f1rst-s3cret")
	text := lab.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, fmt.Sprintf("${file:%s}", secret))
	h := harness.Start(t, harness.WriteFile(t, strings.Replace(text, "user: cdc", "user: "+user, 1)))
	audit := lab.NewAudit(t, db+`\.`+db+`\.t`)
	audit.Until(map[int64]int64{1: 1}, patience)
	pid := h.PluginPid("mysql-source")

	lab.Exec(t, "ALTER USER "+user+" IDENTIFIED BY 's3cond-s3cret'")
	write("s3cond-s3cret")
	cut(t, user)
	lab.Exec(t, "INSERT INTO "+db+".t VALUES (2, 1)")
	audit.Until(map[int64]int64{1: 1, 2: 1}, patience)
	if now := h.PluginPid("mysql-source"); now != pid {
		t.Errorf("the source was started anew, as process %d after %d:\n%s", now, pid, h.Log())
	}

	h.KillPlugin("mysql-source")
	lab.Exec(t, "INSERT INTO "+db+".t VALUES (3, 1)")
	audit.Until(map[int64]int64{1: 1, 2: 1, 3: 1}, patience)
	if code := h.Stop(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, h.Log())
	}
	if strings.Contains(h.Log(), "s3cret") {
		t.Error("the log shows a password")
	}
}

// cut ends the connections of a user.
func cut(t *testing.T, user string) {
	t.Helper()
	conn, err := lab.MySQL.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	rows, err := conn.Execute("SELECT id FROM information_schema.processlist WHERE user = '" + user + "'")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows.RowNumber() {
		id, err := rows.GetInt(i, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Execute(fmt.Sprintf("KILL %d", id)) // it may be gone
	}
}
