package ddl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/charset"
	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func set(t *testing.T, name string) *charset.Charset {
	t.Helper()
	c, err := charset.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// defined is what a statement of a session makes of the columns of a new table.
func defined(t *testing.T, m ddl.Mode, sql string) (*table.Table, error) {
	t.Helper()
	m.Database = "db"
	statements, err := ddl.Parse(sql, m)
	if err != nil {
		return nil, err
	}
	c := ddl.NewCatalog(ddl.Database{}, nil)
	c.Databases["db"] = ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_bin"}
	for _, s := range statements {
		if _, err := c.Apply(s, m); err != nil {
			return nil, err
		}
	}
	for _, def := range c.Tables {
		return def, nil
	}
	return nil, nil
}

// show renders names, comments, labels and defaults of a definition.
func show(def *table.Table) string {
	out := []string{def.Name, def.Comment}
	for _, c := range def.Columns {
		one := c.Name + " " + c.Type + " " + c.Comment + strings.Join(c.Values, ",")
		if c.Default != nil {
			one += " " + string(c.Default.Kind) + " " + c.Default.Text
		}
		out = append(out, one)
	}
	return strings.Join(out, "|")
}

func TestParse_inTheSessionsCharacterSet(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		client, connection string
		sql, want          string
	}{
		"gbk":                           {"gbk", "gbk", "CREATE TABLE `\xc4\xa3` (\xc4\xa3 INT COMMENT '\xc4\xa3', e ENUM('\xc4\xa3') DEFAULT '\xc4\xa3') COMMENT '\xc4\xa3'", "模|模|模 INT 模|e ENUM 模 text 模"},
		"backslash within a character":  {"sjis", "sjis", "CREATE TABLE `\x83\x5c` (e ENUM('\x83\x5c','\\'\x83\x5c'))", "ソ||e ENUM ソ,'ソ"},
		"quote within a character":      {"gbk", "gbk", "CREATE TABLE `a\xb0\x60` (b INT)", "a癭||b INT "},
		"bracket within a name":         {"gbk", "gbk", "CREATE TABLE \xb0\x7b (\xb0\x40 INT)", "皗||癅 INT "},
		"labels of another column":      {"utf8mb4", "utf8mb4", "CREATE TABLE t (e ENUM('имя','é') CHARACTER SET latin1)", "t||e ENUM ???,é"},
		"through the connection":        {"utf8mb4", "latin1", "CREATE TABLE t (e ENUM('имя'), k VARBINARY(9) DEFAULT 'é', c INT COMMENT 'имя')", "t||e ENUM ???|k VARBINARY  hex e9|c INT имя"},
		"bytes of the connection":       {"gbk", "gbk", "CREATE TABLE t (k VARBINARY(9) DEFAULT '\xc4\xa3')", "t||k VARBINARY  hex c4a3"},
		"introducer":                    {"gbk", "gbk", "CREATE TABLE t (v VARCHAR(9) DEFAULT _latin1'\xe9')", "t||v VARCHAR  text é"},
		"national":                      {"gbk", "gbk", "CREATE TABLE t (v VARCHAR(9) DEFAULT N'\xc4\xa3')", "t||v VARCHAR  text ģ"},
		"digits are the column's bytes": {"utf8mb4", "utf8mb4", "CREATE TABLE t (e ENUM(x'C4A3') CHARACTER SET gbk, v VARCHAR(9) CHARACTER SET gbk DEFAULT x'C4A3')", "t||e ENUM 模|v VARCHAR  text 模"},
		"client without one":            {"binary", "binary", "CREATE TABLE t (`имя` INT COMMENT 'имя', e ENUM('\xc4\xa3') CHARACTER SET gbk, v VARCHAR(9) DEFAULT 'é')", "t||имя INT имя|e ENUM 模|v VARCHAR  text é"},
		"space beyond ASCII":            {"latin1", "latin1", "CREATE\xa0TABLE t (a\xa0INT)", "t||a INT "},
		"names of three bytes":          {"utf8mb4", "utf8mb4", "CREATE TABLE `a😀` (b INT COMMENT '😀')", "a?||b INT ?"},
		"comment that is none":          {"gbk", "gbk", "CREATE TABLE t (a INT COMMENT 'a\xff')", "t||a INT a?"},
		"swe7":                          {"swe7", "swe7", "CREATE TABLE `a[` (e ENUM('{'))", "aÄ||e ENUM ä"},
		"strings side by side":          {"gbk", "gbk", "CREATE TABLE t (v VARCHAR(9) DEFAULT 'a' '\xc4\xa3')", "t||v VARCHAR  text a模"},
		"CONVERT TO keeps labels bytes": {"utf8mb4", "utf8mb4", "CREATE TABLE t (e ENUM('имя') CHARACTER SET gbk); ALTER TABLE t CONVERT TO CHARACTER SET latin1", "t||e ENUM §Ú§Þ§ñ"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			def, err := defined(t, ddl.Mode{Client: set(t, tt.client), Connection: set(t, tt.connection)}, tt.sql)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, show(def)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParse_whatIsNoTextIsAnError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		client, connection, sql, want string
		mariadb                       bool
	}{
		"name":                            {"gbk", "gbk", "CREATE TABLE `\xff` (a INT)", "not in the character set gbk", false},
		"column":                          {"utf8mb4", "utf8mb4", "ALTER TABLE t ADD `\xe9` INT", "not in the character set utf8mb4", false},
		"label":                           {"gbk", "gbk", "CREATE TABLE t (e ENUM('\xff\xff'))", "no characters", false},
		"label of another connection":     {"gbk", "latin1", "CREATE TABLE t (e ENUM('\xff\xff'))", "not in the character set gbk", false},
		"default":                         {"ascii", "ascii", "CREATE TABLE t (v VARCHAR(9) DEFAULT '\xe9')", "no characters", false},
		"name that MariaDB cuts":          {"gbk", "gbk", "CREATE TABLE `a\xb0\x60` (b INT)", "cuts short", true},
		"name that MySQL cuts":            {"gbk", "gbk", "CREATE TABLE `a\xb0\x60```(b INT)", "cuts short", false},
		"strings of two character sets":   {"gbk", "gbk", "CREATE TABLE t (v VARCHAR(9) DEFAULT _latin1'a' 'b')", "two character sets", false},
		"labels that CONVERT TO destroys": {"utf8mb4", "utf8mb4", "CREATE TABLE t (e ENUM('é') CHARACTER SET latin1); ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4", "no characters of utf8mb4", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			def, err := defined(t, ddl.Mode{Client: set(t, tt.client), Connection: set(t, tt.connection), MariaDB: tt.mariadb}, tt.sql)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %+v and %v, want an error that has %q", def, err, tt.want)
			}
		})
	}
}
