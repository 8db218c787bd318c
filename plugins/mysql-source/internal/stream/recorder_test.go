package stream

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unequal"
	"github.com/leat-io/leat/sdk"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder writes down what a stream does.
type recorder struct {
	lines   []string
	origin  sdk.Origin
	pending bool
	sinks   sdk.SinkSet // that it is directed to
	// held is the position that a Writer would send next, as it was given.
	held     []byte
	heldText string
}

// hold takes a position, after it has made sure that the one before stayed as it was.
func (r *recorder) hold(p sdk.Position) {
	r.unchanged()
	r.held, r.heldText = p.Base, string(p.Base)
}

func (r *recorder) unchanged() {
	if string(r.held) != r.heldText {
		r.log("position %s became %s before another was written", r.heldText, r.held)
	}
}

func (r *recorder) log(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

func (r *recorder) Direct(sinks sdk.SinkSet) error {
	r.unchanged()
	r.sinks = sinks
	return nil
}

func (r *recorder) Schema(s *sdk.RowSchema) (sdk.SchemaID, error) {
	_, id, err := sdk.Schema{Row: s}.Encode()
	return id, err
}

func (r *recorder) State(changes ...sdk.StateChange) error {
	r.unchanged()
	for _, c := range changes {
		if c.Value == nil {
			r.log("state -%s", c.Key)
		} else {
			r.log("state %s", c.Key)
		}
	}
	return nil
}

func (r *recorder) Origin(o *sdk.Origin) { r.origin = *o }

func (r *recorder) Change(c *sdk.Change, p sdk.Position) error {
	r.pending = true
	r.hold(p)
	if c.Op == sdk.Truncate {
		r.log("t at %d.%d time %d skip %d state only %t for %b", c.Offset, c.Row, r.origin.Time, p.Skip, c.StateOnly, r.sinks)
		return nil
	}
	r.log("%c %x %x at %d.%d time %d thread %d skip %d", c.Op, c.Before, c.After, c.Offset, c.Row, r.origin.Time, r.origin.Thread, p.Skip)
	return nil
}

func (r *recorder) Advance(p sdk.Position, _ int64) error {
	r.hold(p)
	parsed, err := position.Parse(p.Base)
	if err != nil {
		return err
	}
	r.log("advance %s %d", parsed.GTID, p.Skip)
	return nil
}

func (r *recorder) Flush() error {
	r.unchanged()
	r.log("flush")
	r.pending = false
	return nil
}

func (r *recorder) Pending() bool { return r.pending }

var (
	uuid   = gtid.UUID{0xaa}
	number = binlogtest.Column{Type: mysql.MYSQL_TYPE_LONG}
)

func id(n int64) gtid.GTID { return gtid.GTID{Source: gtid.Source{UUID: uuid}, Number: n} }

// newStream captures the tables of database d, of which t has one number.
func newStream(t testing.TB, change func(*Settings)) (*Stream, *recorder) {
	t.Helper()
	f, err := filter.New(filter.Patterns{Databases: []string{"d"}}, filter.Patterns{Tables: []string{`.*\._.*`}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := meter.New(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	settings := Settings{Filter: f, Logger: slog.New(slog.DiscardHandler), Meter: m, Server: &server.Settings{}}
	if change != nil {
		change(&settings)
	}
	defs := definitions.New(definitions.Defaults{Database: ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_0900_ai_ci"}}, f.Table)
	defs.Follow(table.Name{Database: "d", Table: "t"})
	defs.Put(define(t, "CREATE TABLE t (id INT)"))
	r := &recorder{}
	return New(settings, Start{
		Facts: &server.Facts{UUID: uuid.String(), Version: "9.7.0", ByGTID: true}, Definitions: defs, Unequal: unequal.New([]string{"sink"}),
		Machine: newMachine(position.Place{}),
	}, r), r
}

// newMachine has one sink, which has the first transaction.
func newMachine(at position.Place) *transaction.Machine {
	set := &gtid.Set{}
	set.Add(id(1))
	return transaction.New(transaction.Start{
		Server: uuid.String(), Executed: set, Place: at,
		Sinks: []transaction.Progress{{Done: position.Position{GTID: set.Clone()}}},
	})
}

func define(t testing.TB, sql string) *table.Table {
	t.Helper()
	def, err := ddl.ParseTable("d", sql, ddl.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// begin is a log up to the first transaction.
func begin() *binlogtest.Log {
	l := &binlogtest.Log{Seconds: 1000, Server: 7}
	return l.Rotate("binlog.000001", 4).Format(false)
}

// play handles the events of a log up to the first error.
func play(t testing.TB, s *Stream, l *binlogtest.Log) error {
	t.Helper()
	return binlog.Walk(l.Events, s.handle)
}
