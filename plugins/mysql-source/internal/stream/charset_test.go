package stream

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// in is the status variables of a session whose client and connection have a collation.
func in(collation byte, more ...byte) []byte {
	return append([]byte{4, collation, 0, collation, 0, 255, 0}, more...)
}

const (
	gbk    = 28
	latin1 = 8
)

// statementIn adds a statement of a session to a log.
func statementIn(l *binlogtest.Log, n int64, text string, status []byte) *binlogtest.Log {
	return l.GTID(id(n), 0).Event(replication.QUERY_EVENT, binlogtest.Query(9, "d", text, status))
}

func TestStream_statementsInOtherCharacterSets(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text   string
		status []byte
		table  string // that is looked at
		want   string // its columns, empty if it is not known
	}{
		"gbk":                             {"ALTER TABLE t ADD `\xc4\xa3` INT", in(gbk), "t", "id 模"},
		"latin1":                          {"ALTER TABLE t ADD \xe9 INT", in(latin1), "t", "id é"},
		"another table":                   {"CREATE TABLE `\xc4\xa3` (a INT)", in(gbk), "t", "id"},
		"what is none":                    {"ALTER TABLE t ADD `\xff` INT", in(gbk), "t", ""},
		"what is none, in another table":  {"ALTER TABLE `\xff` ADD a INT", in(gbk), "t", ""},
		"UTF-8 that is none":              {"ALTER TABLE t ADD `\xe9` INT", in(255), "t", ""},
		"character set that is not known": {"ALTER TABLE `\xe9` ADD a INT", []byte{4, 0xff, 0x7f, 255, 0, 255, 0}, "t", ""},
		"unknown variable":                {"ALTER TABLE t ADD a INT", in(gbk, 200, 1), "t", ""},
		"unknown variable, another table": {"ALTER TABLE x ADD a INT", in(gbk, 200, 1), "t", "id"},
		"unknown variable, and no table":  {"CREATE VIEW t2 AS SELECT 1", in(gbk, 200, 1), "t", "id"},
		"what the server wrote":           {"CREATE TABLE `模8` (\n  `é` int NOT NULL\n) ENGINE=InnoDB", in(gbk), "模8", "é"},
		"what the client wrote so":        {"CREATE TABLE `t` (\n  `\xe9` int NOT NULL\n)", in(latin1), "t", "é"},
		"labels that the server wrote":    {"CREATE TABLE `t` (\n  `e` enum('a','b?') DEFAULT NULL\n)", in(255), "t", ""},
		"labels without a question":       {"CREATE TABLE `t` (\n  `e` enum('a') DEFAULT NULL,\n  `v?` varchar(9) DEFAULT '?' COMMENT '?'\n)", in(255), "t", "e v?"},
		"labels that the client wrote":    {"CREATE OR REPLACE TABLE t (e SET('a','?'))", in(255), "t", "e"},
		"what either may have written":    {"CREATE TABLE `t` (\n  `\xc3\xa9` int NOT NULL\n)", in(latin1), "t", ""},
		"a view in two character sets":    {"CREATE VIEW `模5` AS SELECT * FROM `\xc4\xa3`", in(gbk), "t", "id"},
		"two phases, begun":               {"ALTER TABLE t ADD a INT", in(gbk, 130, 2), "t", "id"},
		"two phases, done":                {"ALTER TABLE t ADD a INT", in(gbk, 130, 4, 1, 2, 3, 4, 5, 6, 7, 8), "t", "id a"},
		"two phases, undone":              {"ALTER TABLE t ADD a INT", in(gbk, 130, 8, 1, 2, 3, 4, 5, 6, 7, 8), "t", "id"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStream(t, nil)
			s.defs.PutDatabase("d", ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_bin"})
			if err := play(t, s, statementIn(begin(), 2, tt.text, tt.status)); err != nil {
				t.Fatal(err)
			}
			got := ""
			if def := s.defs.Table(table.Name{Database: "d", Table: tt.table}); def != nil {
				for _, c := range def.Columns {
					got += " " + c.Name
				}
			}
			if got = strings.TrimPrefix(got, " "); got != tt.want {
				t.Errorf("table %s has the columns %q, want %q", tt.table, got, tt.want)
			}
		})
	}
}

func TestStream_damagedSessionStops(t *testing.T) {
	t.Parallel()
	s, _ := newStream(t, nil)
	if err := play(t, s, statementIn(begin(), 2, "ALTER TABLE t ADD a INT", []byte{4, 1})); !errors.Is(err, binlog.ErrDamaged) {
		t.Errorf("got %v, want %v", err, binlog.ErrDamaged)
	}
}

// What goes into records is valid UTF-8, in the character set of the transaction.
func TestStream_statementsOfRows(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status    []byte
		raw, want string
	}{
		"gbk":                        {in(gbk), "INSERT '\xc4\xa3'", "INSERT '模'"},
		"UTF-8":                      {in(255), "INSERT 'я'", "INSERT 'я'"},
		"not told":                   {nil, "INSERT 'я\xff'", "INSERT 'я\ufffd'"},
		"changed in between":         {in(255), "INSERT '\xc4'", "INSERT '\ufffd'"},
		"no character of it":         {in(gbk), "INSERT '\xff'", "INSERT '\ufffd"},
		"one that is not known here": {[]byte{4, 0xff, 0x7f, 1, 0, 1, 0}, "INSERT '\xff'", "INSERT '\ufffd'"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStream(t, func(o *Settings) { o.Query = true })
			l := begin().GTID(id(2), 0).Event(replication.QUERY_EVENT, binlogtest.Query(9, "d", "BEGIN", tt.status))
			if err := play(t, s, l.Event(replication.ROWS_QUERY_EVENT, append([]byte{0}, tt.raw...))); err != nil {
				t.Fatal(err)
			}
			if got := s.origin.Query; !strings.HasPrefix(got, tt.want) || !utf8.ValidString(got) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestStream_mode(t *testing.T) {
	t.Parallel()
	mode := func(mariadb bool, system string, s binlog.Session) ddl.Mode {
		x, _ := newStream(t, nil)
		x.facts = &server.Facts{MariaDB: mariadb, Variables: map[string]string{"system_time_zone": system}}
		return x.mode(&binlog.Query{Session: s})
	}
	if m := mode(false, "UTC", binlog.Session{TimeZone: []byte("SYSTEM"), Server: 51, ImplicitTimestamps: true}); m.TimeZone != "+00:00" || m.ServerCharset != "cp1251" || !m.ImplicitTimestamps {
		t.Errorf("got %+v", m)
	}
	if m := mode(false, "CET", binlog.Session{TimeZone: []byte("SYSTEM")}); m.TimeZone != "SYSTEM" || m.ServerCharset != "" {
		t.Errorf("got %+v", m)
	}
	if m := mode(true, "", binlog.Session{TimeZone: []byte("+01:00"), Flags: explicitTimestamps, Server: 0x900}); m.TimeZone != "+01:00" || m.ImplicitTimestamps || m.ServerCharset != "utf8mb4" {
		t.Errorf("got %+v", m)
	}
	if m := mode(true, "", binlog.Session{}); !m.ImplicitTimestamps {
		t.Errorf("got %+v", m)
	}
}
