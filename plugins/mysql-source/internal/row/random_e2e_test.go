//go:build e2e

package row_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
)

// randomColumns are columns and an expression for a random value of each, from
// the row's number n.
var randomColumns = []struct{ column, sql string }{
	{"SMALLINT", "FLOOR(RAND()*65536)-32768"},
	{"MEDIUMINT", "FLOOR(RAND()*16777216)-8388608"},
	{"BIGINT", "CAST(CONV(HEX(RANDOM_BYTES(8)),16,10) AS SIGNED)"},
	{"BIGINT UNSIGNED", "CONV(HEX(RANDOM_BYTES(8)),16,10)"},
	{"FLOAT", "(RAND()-0.5)*POW(10, FLOOR(RAND()*70)-35)"},
	{"DOUBLE", "(RAND()-0.5)*POW(10, FLOOR(RAND()*600)-300)"},
	{"FLOAT(10,3)", "(RAND()-0.5)*1e6"},
	{"DOUBLE(20,5)", "(RAND()-0.5)*1e14"},
	{"DECIMAL(30,11)", "(RAND()-0.5)*POW(10, FLOOR(RAND()*18))"},
	{"DECIMAL(65,0)", "CONCAT(IF(n%2,'-',''), CONV(HEX(RANDOM_BYTES(8)),16,10), CONV(HEX(RANDOM_BYTES(8)),16,10), CONV(HEX(RANDOM_BYTES(7)),16,10))"},
	{"BIT(47)", "CONV(HEX(RANDOM_BYTES(5)),16,10)+0"},
	{"BINARY(20)", "RANDOM_BYTES(20)"},
	{"VARBINARY(700)", "REPEAT(RANDOM_BYTES(7), n%100)"},
	{"LONGBLOB", "REPEAT(RANDOM_BYTES(100), n%300)"},
	{"VARCHAR(600)", "REPEAT(ELT(n%4+1, 'é', 'a ', '😀', '汉'), n%300)"},
	{"CHAR(30)", "CONCAT(SPACE(n%5), HEX(n), SPACE(n%7))"},
	{"VARCHAR(99) CHARACTER SET latin1", "CONVERT(REPLACE(RANDOM_BYTES(1+n%40),'?','!') USING latin1)"},
	{"VARCHAR(99) CHARACTER SET cp1251", "REPEAT('Жaш', n%33)"},
	{"CHAR(99) CHARACTER SET utf16", "REPEAT('a😀é', n%33)"},
	{"TEXT CHARACTER SET gb18030", "REPEAT('汉😀a', n%50)"},
	{"VARCHAR(60) CHARACTER SET sjis", "REPEAT('表aソｱ', n%15)"},
	{"ENUM('a','é','ß','x,y')", "1+n%4"},
	{"SET('a','é','ß','z') CHARACTER SET latin1", "n%16"},
	{"YEAR", "IF(n%50=0, 0, 1901+n%255)"},
	{"DATE", "ADDDATE('0001-01-01', FLOOR(RAND()*3652000))"},
	{"TIME(4)", "SEC_TO_TIME((RAND()-0.5)*6040000)"},
	{"TIME", "SEC_TO_TIME(FLOOR((RAND()-0.5)*6040000))"},
	{"DATETIME(2)", "ADDDATE('0001-01-01', INTERVAL RAND()*3e11 SECOND)"},
	{"DATETIME(6)", "ADDDATE('0001-01-01 00:00:00.000001', INTERVAL RAND()*3e11 SECOND)"},
	{"TIMESTAMP NULL", "FROM_UNIXTIME(1+FLOOR(RAND()*2147483000))"},
	{"TIMESTAMP(6) NULL", "FROM_UNIXTIME(1+RAND()*2147483000)"},
	{"JSON", "JSON_OBJECT(HEX(n), JSON_ARRAY(RAND(), n, -n, NULL, TRUE, (RAND()-0.5)*POW(10, FLOOR(RAND()*60)-30)), REPEAT('k\"é', n%40), JSON_OBJECT('d', CAST(n/7 AS DECIMAL(20,5)), 't', NOW(6)))"},
	{"POINT", "POINT(RAND(), n)"},
	{"GEOMETRY", "LINESTRING(POINT(0,0), POINT(n, RAND()))"},
	{"VECTOR(3)", "STRING_TO_VECTOR(CONCAT('[', n, ',', RAND(), ',-1e', n%30, ']'))"},
	{"INT GENERATED ALWAYS AS (`b` * 2) VIRTUAL", "DEFAULT"},
}

// TestRandomRows inserts, updates and deletes many rows of all types, a tenth
// of the values NULL, and wants what a SELECT gives at each step.
func TestRandomRows(t *testing.T) {
	conn := connect(t)
	seed := rand.Uint32()
	t.Logf("seed %d", seed)
	definitions := []string{"`b` INT NOT NULL", "`a` VARCHAR(20) CHARACTER SET latin1 NOT NULL"}
	values := []string{"n", "CONCAT('k', n)"}
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	for _, i := range random.Perm(len(randomColumns)) {
		c := randomColumns[i]
		definitions = append(definitions, fmt.Sprintf("`c%d` %s", i, c.column))
		if c.sql != "DEFAULT" {
			c.sql = fmt.Sprintf("IF(RAND(%d+n)<0.1, NULL, %s)", i, c.sql)
		}
		values = append(values, c.sql)
	}
	execute(t, conn, "SET sql_mode=''", "SET time_zone='+00:00'")
	insert := "INSERT INTO r (" + columnNames(definitions, values) + ") WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM s WHERE n<500) SELECT " +
		strings.Join(slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "DEFAULT" }), ", ") + " FROM s"
	plan, inserted := insertAndRead(t, conn, "leat_row_random", "r",
		"CREATE TABLE r ("+strings.Join(definitions, ", ")+", PRIMARY KEY (`a`, `b`)) DEFAULT CHARSET=utf8mb4", insert)
	before := selectRows(t, conn, plan, "`b`")
	compareRows(t, plan, inserted, before)

	start := logPosition(t, conn)
	execute(t, conn, "UPDATE r SET `b` = `b` + 1000 ORDER BY `b`", "DELETE FROM r WHERE `b` % 2 = 0 ORDER BY `b`")
	logged := readLog(t, plan, "r", start, logPosition(t, conn))
	if len(logged) != 1250 {
		t.Fatalf("got %d row images in the log, want 1250", len(logged))
	}
	var old, updated []encoded
	for i := range 500 {
		old, updated = append(old, logged[2*i]), append(updated, logged[2*i+1])
	}
	compareRows(t, plan, old, before)
	left := selectRows(t, conn, plan, "`b`")
	var odd, even []encoded
	for i, r := range updated {
		if i%2 == 0 {
			odd = append(odd, r)
		} else {
			even = append(even, r)
		}
	}
	compareRows(t, plan, odd, left)
	compareRows(t, plan, logged[1000:], even)
}

func columnNames(definitions, values []string) string {
	var names []string
	for i, d := range definitions {
		if values[i] != "DEFAULT" {
			name, _, _ := strings.Cut(d, " ")
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// compareRows shows the first rows that differ as text.
func compareRows(t *testing.T, plan *row.Plan, logged, selected []encoded) {
	t.Helper()
	if len(logged) != len(selected) || len(logged) == 0 {
		t.Fatalf("%d rows in the log, %d selected", len(logged), len(selected))
	}
	for i := range logged {
		if cmp.Equal(logged[i], selected[i]) {
			continue
		}
		t.Errorf("row %d: the log (-) and a SELECT (+) differ:\n%.3000s", i,
			cmp.Diff(printRow(t, plan.Schema(), logged[i].Value), printRow(t, plan.Schema(), selected[i].Value)))
		if t.Failed() && i > 2 {
			return
		}
	}
}
