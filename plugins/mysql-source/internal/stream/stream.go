package stream

import (
	"context"
	"log/slog"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/health"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unequal"
	"github.com/leat-io/leat/sdk"
)

// Writer is what a stream needs of sdk.Writer.
type Writer interface {
	Direct(sinks sdk.SinkSet) error
	Schema(s *sdk.RowSchema) (sdk.SchemaID, error)
	State(changes ...sdk.StateChange) error
	Origin(o *sdk.Origin)
	Change(c *sdk.Change, p sdk.Position) error
	Advance(p sdk.Position, at int64) error
	Flush() error
	Pending() bool
}

// Settings say what to stream and how.
type Settings struct {
	Server  *server.Settings
	Replica binlog.Replica
	Filter  *filter.Filter
	Logger  *slog.Logger
	Meter   *meter.Meter
	// Connected is called with each connection, before the log is asked for; nil for
	// nobody.
	Connected func(*server.Conn, *server.Facts)
	// Ignore says of which servers transactions are left out; nil of none.
	Ignore func(gtid.UUID) bool
	// Query has the statements recorded that the server logs with rows.
	Query bool
	// Truncate says who is told of tables that were emptied.
	Truncate Truncate
	// Silence is how long a connection may be without even a heartbeat.
	Silence time.Duration
	// WatchEvery is how long the stream rests before it asks whether the server
	// does. It bounds how long a reset of the log goes unnoticed.
	WatchEvery time.Duration
	// Health is told what the stream waits for.
	Health *health.Health
}

// Start is what a stream begins with.
type Start struct {
	Facts       *server.Facts
	Machine     *transaction.Machine
	Definitions *definitions.Set
	// Unequal has the marks of the sinks.
	Unequal *unequal.Set
	Epoch   uint64
	// Newly says of which servers transactions are taken that were left out when a
	// sink's position was read; nil of none.
	Newly func(gtid.UUID) bool
	// Known is the server that the state of all sinks names, with its epoch.
	Known sdk.StateChange
}

// Stream reads the log of one server. It is not safe for concurrent use.
type Stream struct {
	Settings
	client  uint16 // collation of the transaction's client, 0 if not told
	facts   *server.Facts
	machine *transaction.Machine
	defs    *definitions.Set
	unequal *unequal.Set
	epoch   uint64
	known   string // what the source state says of server and epoch
	w       Writer
	// define asks the server for a definition; tests have none.
	define func(context.Context, table.Name) (*proof, error)
	// end asks it where its log ends.
	end func(context.Context) (position.Place, *gtid.Set, error)
	// sets asks it for what completes a set that stands in the log before here.
	sets func(context.Context, *gtid.Set) (*server.Facts, *gtid.Set, error)

	ctx     context.Context // of Run: every event is handled within it
	tables  binlog.Tables
	payload binlog.Payload
	// inflater is for MariaDB's compressed events.
	inflater binlog.Inflater
	reader   *binlog.Reader
	// previous is what the log has before the file, from its beginning to its first
	// transaction, while the stream goes by file.
	previous *gtid.Set
	refused  string // what was done when the server last could not send its log
	begins   bool   // the server is yet to say at which file it begins, by GTIDs
	byPlace  bool   // it is told where to begin, though it is asked by GTIDs
	pos      uint64 // behind the last event of the file
	place    place  // of the event being handled
	seconds  uint32 // its time, since 1970

	group   group
	origin  sdk.Origin
	placed  bool // origin is written as it is
	rows    [2]row.Row
	changed sdk.Change
	idle    idle
	watch   watch
	ignored ignored
	// newly is Start.Newly until a transaction is taken.
	newly func(gtid.UUID) bool
}

// place is where an event stands in the file: events within a payload stand
// where that does.
type place struct {
	start, end uint64
	row        uint32 // of the first row that follows there
}

// group is what the stream itself keeps of a group of events.
type group struct {
	committed int64 // from the GTID, in microseconds; 0 if unknown
	wrote     bool  // something that belongs to its position
	directed  bool  // the writer, to the sinks that need it
	read      meter.Group
}

// New makes a stream that reads nothing yet.
func New(settings Settings, start Start, w Writer) *Stream {
	s := &Stream{
		Settings: settings, facts: start.Facts, machine: start.Machine,
		defs: start.Definitions, unequal: start.Unequal, epoch: start.Epoch, known: string(start.Known.Value), w: w, newly: start.Newly,
	}
	s.define, s.end, s.sets, s.ctx = s.ask, s.askEnd, s.askSets, context.Background()
	s.count()
	return s
}

// Run reads until ctx ends, and then returns nil. Connections that break are
// made again for as long as it takes, and the stream goes on at the very row.
func (s *Stream) Run(ctx context.Context) error {
	defer s.payload.Close()
	s.ctx = ctx
	s.Health.Wait("connecting to MySQL "+s.Server.Address(), nil)
	var retry backoff
	for {
		retry.begin(time.Now())
		err := s.session(ctx, &retry)
		if ctx.Err() != nil {
			return nil
		}
		if !lost(err) {
			return err
		}
		s.place = place{}
		if _, err := s.machine.Step(&transaction.Event{Kind: transaction.Reconnect}); err != nil {
			return sdk.Permanent(err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(s.outage(err, &retry)):
		}
	}
}
