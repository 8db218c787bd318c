//go:build e2e

package ddl_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// judge runs statements on a real server and on a catalog, and compares what
// the catalog holds with what the server says it has.
type judge struct {
	t       *testing.T
	conn    *client.Conn
	catalog *ddl.Catalog
	mode    ddl.Mode
	// loose leaves out the prefixes of indexes: what becomes of them when a
	// column changes its type is not followed, as no row key depends on it.
	loose bool
}

// newJudge connects and makes an empty database.
func newJudge(t *testing.T, database string) *judge {
	t.Helper()
	conn, err := server.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	j := &judge{t: t, conn: conn, mode: ddl.Mode{Database: database}}
	j.catalog = ddl.NewCatalog(ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_0900_ai_ci"}, nil)
	j.catalog.Databases[database] = j.catalog.Server
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + database, "CREATE DATABASE " + database, "USE " + database} {
		if _, err := conn.Execute(sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	return j
}

// run carries a statement out on both sides; it reports the server's refusal.
func (j *judge) run(sql string) error {
	j.t.Helper()
	if _, err := j.conn.Execute(sql); err != nil {
		return err
	}
	if strings.HasPrefix(sql, "SET ") {
		j.readMode()
	}
	statements, err := ddl.Parse(sql, j.mode)
	if err != nil {
		j.t.Fatalf("parse %s: %v", sql, err)
	}
	for _, s := range statements {
		if _, err := j.catalog.Apply(s, j.mode); err != nil {
			j.t.Fatalf("apply %s: %v", sql, err)
		}
	}
	return nil
}

// readMode takes the session's settings, as a stream takes them from each event.
func (j *judge) readMode() {
	j.t.Helper()
	r, err := j.conn.Execute("SELECT @@sql_mode, @@explicit_defaults_for_timestamp, @@default_collation_for_utf8mb4")
	if err != nil {
		j.t.Fatal(err)
	}
	sqlMode, _ := r.GetString(0, 0)
	explicit, _ := r.GetInt(0, 1)
	j.mode.UTF8MB4Collation, _ = r.GetString(0, 2)
	j.mode.ImplicitTimestamps = explicit == 0
	j.mode.RealAsFloat = strings.Contains(sqlMode, "REAL_AS_FLOAT")
	j.mode.ANSIQuotes = strings.Contains(sqlMode, "ANSI_QUOTES")
	j.mode.NoBackslashEscapes = strings.Contains(sqlMode, "NO_BACKSLASH_ESCAPES")
}

// compare checks every table of the database against the server.
func (j *judge) compare(after string) bool {
	j.t.Helper()
	want := map[string][]string{}
	names, err := j.conn.Execute("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'")
	if err != nil {
		j.t.Fatal(err)
	}
	for i := range names.RowNumber() {
		name, _ := names.GetString(i, 0)
		want[name] = j.describe(j.serverTable(name))
	}
	got := map[string][]string{}
	for n, t := range j.catalog.Tables {
		if n.Database == j.mode.Database {
			got[n.Table] = j.describe(t)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		j.t.Errorf("after %s\nserver (-) and catalog (+) differ:\n%s", after, diff)
		return false
	}
	return true
}

func (j *judge) serverTable(name string) *table.Table {
	j.t.Helper()
	r, err := j.conn.Execute("SHOW CREATE TABLE `" + strings.ReplaceAll(name, "`", "``") + "`")
	if err != nil {
		j.t.Fatal(err)
	}
	sql, _ := r.GetString(0, 1)
	t, err := ddl.ParseTable(j.mode.Database, sql, j.mode)
	if err != nil {
		j.t.Fatalf("parse %s: %v", sql, err)
	}
	return t
}

// describe gives a definition in lines that diff well, without the wording
// that SHOW CREATE TABLE forgets.
func (j *judge) describe(def *table.Table) []string {
	j.t.Helper()
	def = def.Clone()
	parts := []any{map[string]any{"charset": def.Charset, "collation": def.Collation, "comment": def.Comment, "key": def.Key}}
	for _, c := range def.Columns {
		c.Declared = ""
		if c.Type == "FLOAT" && c.Default != nil && c.Default.Kind == table.DefaultText {
			c.Default.Text = sixDigits(j.t, c.Default.Text)
		}
		parts = append(parts, c)
	}
	// The order of indexes that identify no row hangs on more than is followed.
	slices.SortFunc(def.Indexes, func(a, b table.Index) int { return strings.Compare(a.Name, b.Name) })
	for _, x := range def.Indexes {
		for i := range x.Parts {
			if j.loose {
				x.Parts[i].Prefix = 0
			}
		}
		parts = append(parts, x)
	}
	lines := make([]string, len(parts))
	for i, part := range parts {
		line, err := json.Marshal(part)
		if err != nil {
			j.t.Fatal(err)
		}
		lines[i] = string(line)
	}
	return lines
}

// sixDigits is as much as SHOW CREATE TABLE tells of a FLOAT's default.
func sixDigits(t *testing.T, text string) string {
	t.Helper()
	f, err := strconv.ParseFloat(text, 32)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatFloat(f, 'g', 6, 32)
}

// adopt takes the server's definitions, so that one difference is told once.
func (j *judge) adopt() {
	for n := range j.catalog.Tables {
		j.catalog.Put(j.serverTable(n.Table))
	}
}
