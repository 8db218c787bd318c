package ddl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
)

const (
	oracle         = 1 << 9
	maxDB          = 1 << 12
	truncateOrNull = 1 << 32 // TIME_TRUNCATE_FRACTIONAL of MySQL, EMPTY_STRING_IS_NULL of MariaDB
	round          = 1 << 34
)

func TestCreateTable_bySession(t *testing.T) {
	t.Parallel()
	zone := func(name string) ddl.Mode { return ddl.Mode{TimeZone: name} }
	mysql := func(bits uint64) ddl.Mode { return ddl.Mode{}.WithSQLMode(bits) }
	mariadb := func(bits uint64) ddl.Mode { return ddl.Mode{MariaDB: true}.WithSQLMode(bits) }
	tests := map[string]struct {
		mode      ddl.Mode
		sql, want string
	}{
		"time zone by its distance": {zone("+05:30"), "x TIMESTAMP(2) DEFAULT '2020-01-01 00:00:00.5'", "x TIMESTAMP  text 2019-12-31 18:30:00.50"},
		"time zone by its name":     {zone("Europe/Paris"), "x TIMESTAMP DEFAULT 20200701000000", "x TIMESTAMP  text 2020-06-30 22:00:00"},
		"west":                      {zone("-03:00"), "x TIMESTAMP DEFAULT '2020-12-31 23:00:00'", "x TIMESTAMP  text 2021-01-01 02:00:00"},
		"UTC":                       {zone("+00:00"), "x TIMESTAMP DEFAULT '2020-01-01 00:00:00'", "x TIMESTAMP  text 2020-01-01 00:00:00"},
		"no time zone is told":      {zone(""), "x TIMESTAMP DEFAULT '2020-01-01 00:00:00'", "x TIMESTAMP  text 2020-01-01 00:00:00"},
		"zero is zero everywhere":   {zone("+05:30"), "x TIMESTAMP DEFAULT '0000-00-00 00:00:00'", "x TIMESTAMP  text 0000-00-00 00:00:00"},
		"now is now everywhere":     {zone("SYSTEM"), "x TIMESTAMP DEFAULT NOW()", "x TIMESTAMP  now "},
		"DATETIME has none":         {zone("SYSTEM"), "x DATETIME DEFAULT '2020-01-01 00:00:00'", "x DATETIME  text 2020-01-01 00:00:00"},
		"MySQL rounds":              {mysql(0), "x DATETIME DEFAULT '2020-01-01 00:00:00.6'", "x DATETIME  text 2020-01-01 00:00:01"},
		"MySQL truncates":           {mysql(truncateOrNull), "x DATETIME DEFAULT '2020-01-01 00:00:00.6', y TIME(1) DEFAULT 0.97, z DATE DEFAULT '2020.01.02'", "x DATETIME  text 2020-01-01 00:00:00|y TIME  text 00:00:00.9|z DATE  text 2020-01-02"},
		"MariaDB truncates":         {mariadb(0), "x DATETIME DEFAULT '2020-01-01 00:00:00.6'", "x DATETIME  text 2020-01-01 00:00:00"},
		"MariaDB rounds":            {mariadb(round), "x DATETIME DEFAULT '2020-01-01 00:00:00.6'", "x DATETIME  text 2020-01-01 00:00:01"},
		"MariaDB's empty is NULL":   {mariadb(truncateOrNull), "x VARCHAR(9) DEFAULT '', y VARCHAR(9) DEFAULT 'a'", "x VARCHAR |y VARCHAR  text a"},
		"empty is text":             {mariadb(0), "x VARCHAR(9) DEFAULT ''", "x VARCHAR  text "},
		"Oracle's types":            {mariadb(oracle), "a DATE, b NUMBER, c NUMBER(5), d CLOB, e BLOB, f mariadb_schema.date", "a DATETIME |b DOUBLE |c DECIMAL |d LONGTEXT |e LONGBLOB |f DATE "},
		"types with a schema":       {mariadb(0), "a oracle_schema.date, b maxdb_schema.timestamp, c DATE", "a DATETIME |b DATETIME |c DATE "},
		"MAXDB's type":              {mariadb(maxDB), "a TIMESTAMP, b DATE", "a DATETIME |b DATE "},
		"MySQL has no such modes":   {mysql(oracle | maxDB), "a DATE, b TIMESTAMP", "a DATE |b TIMESTAMP "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			def, err := defined(t, tt.mode, "CREATE TABLE t ("+tt.sql+")")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff("t||"+tt.want, show(def)); diff != "" {
				t.Error(diff)
			}
		})
	}
	for sql, want := range map[string]string{
		"SYSTEM": "set time_zone on the server", "Nowhere/Land": `find time zone "Nowhere/Land"`,
	} {
		if _, err := defined(t, zone(sql), "CREATE TABLE t (x TIMESTAMP DEFAULT '2020-01-01 00:00:00')"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", sql, err, want)
		}
	}
	if _, err := defined(t, mariadb(0), "CREATE TABLE t (x other.date)"); err == nil {
		t.Error("a type of another schema is read")
	}
}
