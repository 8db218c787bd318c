package stream

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestBeginningHasNoData(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"DROP TABLE shop.orders":                            "DROP TABLE shop.orders",
		"  ALTER TABLE\n`order items`  DROP COLUMN  card\n": "ALTER TABLE `order items` DROP COLUMN card",
		"ALTER TABLE a ADD b INT DEFAULT 31337":             "ALTER TABLE a ADD b INT DEFAULT …",
		"ALTER TABLE a ADD b VARCHAR(9) DEFAULT '31337'":    "ALTER TABLE a ADD b VARCHAR …",
		"CREATE TABLE a (b ENUM('31337'))":                  "CREATE TABLE a …",
		"ALTER TABLE a COMMENT='31337'":                     "ALTER TABLE a COMMENT …",
		"ALTER TABLE a COMMENT \"31337\"":                   "ALTER TABLE a COMMENT …",
		"ALTER TABLE a -- 31337":                            "ALTER TABLE a …",
		"ALTER /* 31337 */ TABLE a":                         "ALTER …",
		"# 31337":                                           "…",
		"SET @a=31337":                                      "SET @a …",
		"INSERT INTO a SELECT 31337":                        "INSERT INTO a SELECT …",
		"":                                                  "",
		"DROP TABLE a\xff31337":                             "DROP TABLE a31337",
		"DROP TABLE " + strings.Repeat("a", maxBeginning):   "DROP TABLE " + strings.Repeat("a", maxBeginning-11) + "…",
		"CREATE TABLE t AS SELECT b FROM u WHERE c = 'jane@example.com'": "CREATE TABLE t AS SELECT b FROM u WHERE c …",
	}
	for give, want := range tests {
		if got := beginning(give); got != want {
			t.Errorf("%q: got %q, want %q", give, got, want)
		}
	}
}

// TestStatementsAreLoggedWholeAtDebugAlone plays statements that are followed, that
// cannot be followed, and that end the source.
func TestStatementsAreLoggedWholeAtDebugAlone(t *testing.T) {
	t.Parallel()
	const data = "jane@example.org"
	tests := map[string]struct{ statement, told string }{
		"followed":     {"ALTER TABLE t COMMENT '" + data + "'", ""},
		"with a table": {"ALTER TABLE t ADD c VARCHAR(99) DEFAULT '" + data + "'", `statement="ALTER TABLE t ADD c VARCHAR …"`},
		"not followed": {"ALTER TABLE t FROB '" + data + "'", `statement="ALTER TABLE t FROB …"`},
		"emptied":      {"TRUNCATE TABLE t /* " + data + " */", `statement="TRUNCATE TABLE t …"`},
		"no statement": {"FROB '" + data + "'", `"FROB …"`},
	}
	for name, tt := range tests {
		for _, level := range []slog.Level{slog.LevelInfo, slog.LevelDebug} {
			t.Run(name+" "+level.String(), func(t *testing.T) {
				t.Parallel()
				var log bytes.Buffer
				s, r := newStream(t, func(x *Settings) {
					x.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level}))
				})
				s.defs.Put(define(t, "CREATE TABLE t (a INT PRIMARY KEY)"))
				err := play(t, s, begin().GTID(id(2), 0).Query(9, "d", tt.statement))
				told := log.String() + fmt.Sprint(err) + strings.Join(r.lines, "\n")
				whole := strings.Contains(log.String(), data)
				if whole && level != slog.LevelDebug || strings.Contains(fmt.Sprint(err), data) {
					t.Errorf("the data of the statement is told: %s", told)
				}
				if level == slog.LevelDebug && (name == "with a table" || name == "not followed") && !whole {
					t.Errorf("the statement is not told at debug: %s", told)
				}
				if !strings.Contains(told, tt.told) {
					t.Errorf("told %s, want %s", told, tt.told)
				}
			})
		}
	}
}
