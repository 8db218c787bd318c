package load

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/leat-io/leat/e2e/servers"
)

// sysbench is the table of sysbench's OLTP tests.
const sysbench = `(
	id INT NOT NULL AUTO_INCREMENT,
	k INT DEFAULT '0' NOT NULL,
	c CHAR(120) DEFAULT '' NOT NULL,
	pad CHAR(60) DEFAULT '' NOT NULL,
	PRIMARY KEY (id), KEY k (k))`

const (
	baseDatabase = "bench_base"
	base         = baseDatabase + ".rows_of_sysbench"
	// perStatement keeps a statement well below max_allowed_packet.
	perStatement = 2000
)

// Base loads the table that all workloads take rows from, with ids from 1 to rows.
func Base(ctx context.Context, mysql *servers.MySQLServer, rows int) error {
	conn, err := mysql.DB(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, statement := range []string{
		"SET sql_log_bin = 0", "DROP DATABASE IF EXISTS " + baseDatabase, "CREATE DATABASE " + baseDatabase,
		"CREATE TABLE " + base + " " + sysbench,
	} {
		if _, err := conn.Execute(statement); err != nil {
			return fmt.Errorf("make table of rows: %w", err)
		}
	}
	g := newGenerator(rows)
	for id := 1; id <= rows; id += perStatement {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("load rows: %w", err)
		}
		if _, err := conn.Execute(g.insert(id, min(id+perStatement-1, rows))); err != nil {
			return fmt.Errorf("load rows: %w", err)
		}
	}
	return nil
}

// generator makes sysbench's rows: groups of eleven random digits.
type generator struct {
	random *rand.Rand
	rows   int
	b      bytes.Buffer
}

// newGenerator makes one that gives the same rows every time.
func newGenerator(rows int) *generator {
	return &generator{random: rand.New(rand.NewPCG(1, 2)), rows: rows}
}

func (g *generator) insert(from, to int) string {
	g.b.Reset()
	g.b.WriteString("INSERT INTO " + base + " VALUES ")
	for id := from; id <= to; id++ {
		if id > from {
			g.b.WriteByte(',')
		}
		fmt.Fprintf(&g.b, "(%d,%d,'", id, 1+g.random.IntN(g.rows))
		g.groups(10)
		g.b.WriteString("','")
		g.groups(5)
		g.b.WriteString("')")
	}
	return g.b.String()
}

func (g *generator) groups(n int) {
	const least, span = 10_000_000_000, 90_000_000_000 // eleven digits
	for i := range n {
		if i > 0 {
			g.b.WriteByte('-')
		}
		g.b.WriteString(strconv.FormatInt(least+g.random.Int64N(span), 10))
	}
}
