package stream

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

func executed(last int64) *gtid.Set {
	s := &gtid.Set{}
	for n := int64(1); n <= last; n++ {
		s.Add(id(n))
	}
	return s
}

// optional appends one field of optional metadata to the body of a TABLE_MAP event.
func optional(body []byte, kind byte, value ...byte) []byte {
	return append(append(body, kind, byte(len(value))), value...)
}

// named is the event of a table of two numbers a and b, of which key has numbers.
func named(key ...byte) []byte {
	b := binlogtest.TableMap(1, "d", "t", number, number)
	if len(key) > 0 {
		b[len(b)-1] = 0b10 // the key is a, which is NOT NULL
	}
	b = optional(b, replication.TABLE_MAP_OPT_META_SIGNEDNESS, 0)
	b = optional(b, replication.TABLE_MAP_OPT_META_COLUMN_NAME, 1, 'a', 1, 'b')
	if len(key) > 0 {
		b = optional(b, replication.TABLE_MAP_OPT_META_SIMPLE_PRIMARY_KEY, key...)
	}
	return b
}

// unnamed2 is the event of a table of two numbers without their names.
func unnamed2() []byte { return binlogtest.TableMap(1, "d", "t", number, number) }

func TestStream_heal(t *testing.T) {
	t.Parallel()
	const fits, other = "CREATE TABLE t (a INT DEFAULT 7, b INT)", "CREATE TABLE t (a INT, b BIGINT)"
	noServer := errors.New("no server")
	old := server.Changed{At: 999, Server: 7} // the rows are of second 1000, and of that server
	tests := map[string]struct {
		had, now      string // definitions: none if empty
		before, after *gtid.Set
		changed       server.Changed
		asked         error
		event         []byte
		want          string // of the definition then, or of the error
		fails         bool
	}{
		"the server's fits":                        {"CREATE TABLE t (id INT)", fits, nil, executed(9), old, nil, named(), "a=7 b", false},
		"the event tells at any distance":          {"CREATE TABLE t (b INT DEFAULT 3, a INT)", other, nil, executed(9), old, nil, named(), "a b=3", false},
		"the event tells without a server":         {"CREATE TABLE t (id INT)", "", nil, nil, old, noServer, named(), "a b", false},
		"the event tells of a table not known":     {"", "", nil, nil, old, noServer, named(), "a b", false},
		"the event names another key":              {"CREATE TABLE t (a INT NOT NULL, b INT)", "", nil, nil, old, noServer, named(0), "a key b", false},
		"the event names a key no more":            {"CREATE TABLE t (a INT, b INT PRIMARY KEY)", "", nil, nil, old, noServer, named(), "a b", false},
		"harmless: a column dropped":               {"CREATE TABLE t (a INT, b INT, c INT)", "", nil, nil, old, noServer, named(), "a b", false},
		"harmless: a column of nulls added":        {"CREATE TABLE t (b INT)", "CREATE TABLE t (a INT, b INT)", nil, nil, old, nil, named(), "a b", false},
		"the server stands here":                   {"", fits, executed(2), executed(2), old, nil, unnamed2(), "a=7 b", false},
		"the server is further":                    {"", fits, executed(2), executed(3), old, nil, unnamed2(), "it has executed aa000000-0000-0000-0000-000000000000:3 since", true},
		"the server lags":                          {"", fits, executed(1), executed(2), old, nil, unnamed2(), "it has not executed aa000000-0000-0000-0000-000000000000:2 yet", true},
		"the server has changed it in that second": {"", fits, executed(2), executed(2), server.Changed{At: 1000, Server: 7}, nil, unnamed2(), "without a word in the log: its time is 1970-01-01T00:16:40Z", true},
		"the server does not tell when":            {"", fits, executed(2), executed(2), server.Changed{Server: 7}, nil, unnamed2(), "without a word in the log", true},
		"another server wrote it":                  {"", fits, executed(2), executed(2), server.Changed{At: 999, Server: 8}, nil, unnamed2(), "it is server 8, and the rows were written by server 7", true},
		"no GTIDs":                                 {"", fits, nil, nil, old, nil, unnamed2(), "without GTIDs", true},
		"the server has another":                   {"", other, executed(2), executed(2), old, nil, unnamed2(), "the server has another definition now", true},
		"the server does not tell":                 {"", "", nil, nil, old, noServer, unnamed2(), "the server does not tell: no server", true},
		"a statement that is not in the log":       {"CREATE TABLE t (id INT)", fits, executed(2), executed(2), old, nil, unnamed2(), "sql_log_bin=0", true},
		"a type that nobody knows":                 {"", "", nil, nil, old, noServer, withType(named(), 99), "exclude.tables", true},
		"a type that only the definition tells":    {"CREATE TABLE t (b INT, a XMLTYPE)", "", nil, nil, old, noServer, withType(named(), 99), "XMLTYPE is not supported", true},
		"the connection is lost, and comes again":  {"", "", nil, nil, old, lostError{noServer}, named(), "no server", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			s, r := newStream(t, func(x *Settings) { x.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
			s.defs.Forget(definitions.Suspect{Text: "d.t", Database: "d"})
			if tt.had != "" {
				s.defs.Put(define(t, tt.had))
			}
			s.define = func(context.Context, table.Name) (*proof, error) {
				if tt.asked != nil {
					return nil, tt.asked
				}
				return &proof{define(t, tt.now), tt.before, tt.after, tt.changed}, nil
			}
			l := begin().GTID(id(2), 0).Query(9, "d", "BEGIN").Event(replication.TABLE_MAP_EVENT, tt.event).
				Rows(replication.WRITE_ROWS_EVENTv2, 1, 2, []byte{0, 1, 0, 0, 0, 2, 0, 0, 0}).Xid()
			err := play(t, s, l)
			if tt.fails {
				if err == nil || !strings.Contains(err.Error(), tt.want) || len(r.lines) > 0 && strings.HasPrefix(r.lines[0], "c") {
					t.Fatalf("got %v and %v, want %q and no row", err, r.lines, tt.want)
				}
				if again := lost(tt.asked); lost(err) != again || sdk.IsTransient(err) != again {
					t.Errorf("%v: lost %v, want %v", err, lost(err), again)
				}
				if strings.Contains(err.Error(), "set binlog_row_metadata") != (len(tt.event) == len(unnamed2())) {
					t.Errorf("the cure is of another event: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := shape(s.defs.Table(table.Name{Database: "d", Table: "t"})); got != tt.want || r.lines[0] != "state table/d.t" {
				t.Errorf("got %q and %v, want %q and the state first", got, r.lines, tt.want)
			}
			// Of a definition that was not known, or lost only a column, or got one of nulls, rows are as before.
			if marked, harmless := len(told(r)) == 2, tt.had == "" || strings.HasPrefix(name, "harmless"); marked == harmless {
				t.Errorf("a table that is not equal any more: %v, in %v", marked, r.lines)
			}
			if !strings.Contains(log.String(), "level=WARN") {
				t.Errorf("nobody is told: %s", log.String())
			}
		})
	}
}

// withType has the first column's type changed.
func withType(body []byte, code byte) []byte {
	at := bytes.Index(body, []byte{mysql.MYSQL_TYPE_LONG, mysql.MYSQL_TYPE_LONG})
	body[at] = code
	return body
}

// shape writes columns, their defaults, and which are the key.
func shape(t *table.Table) string {
	var out []string
	for i, c := range t.Columns {
		text := c.Name
		if c.Default != nil {
			text += "=" + c.Default.Text
		}
		out = append(out, text)
		for _, k := range t.Key {
			if k == i {
				out = append(out, "key")
			}
		}
	}
	return strings.Join(out, " ")
}
