package main

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/scope"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// Config is what a user writes under the source's config.
type Config struct {
	Host     string           `koanf:"host" required:"true" doc:"Name or address of the server, or the path of its unix socket."`
	Port     int              `koanf:"port" doc:"Port of the server."`
	User     config.Text      `koanf:"user" required:"true" doc:"User to log in as. It needs SELECT on the captured tables, REPLICATION SLAVE and REPLICATION CLIENT; for a snapshot also RELOAD (or FLUSH_TABLES), or LOCK TABLES."`
	Password config.Secret    `koanf:"password" doc:"Password of the user."`
	TLS      tlsconfig.Config `koanf:"tls" doc:"Encryption of the connections."`
	ServerID uint32           `koanf:"server_id" doc:"Number by which the server knows this reader among its replicas; no other replica may have it. 0 derives one from the pipeline's name."`

	Include Patterns `koanf:"include" doc:"What is captured; everything if nothing is given. Patterns are regular expressions that must match the whole name, whatever its case, as in Debezium."`
	Exclude Patterns `koanf:"exclude" doc:"What is left out of that."`

	Snapshot     Snapshot `koanf:"snapshot" doc:"The copy of what existed before the stream."`
	GTID         GTID     `koanf:"gtid" doc:"Transactions of which servers are taken, by server_uuid. Those left out are neither sent nor missed after a failover."`
	Truncate     string   `koanf:"truncate" options:"auto,emit,skip" doc:"What becomes of TRUNCATE TABLE, and of tables that are dropped and created again. auto: sinks that keep rows empty their table, and topics are as Debezium's. emit: TRUNCATE TABLE is sent to all sinks as a change with op t. skip: sinks keep their rows, and the table is reported as not equal any more."`
	IncludeQuery bool     `koanf:"include_query" doc:"Send the statement along that a row's change comes from; the server must have binlog_rows_query_log_events=ON."`

	Heartbeat      time.Duration `koanf:"heartbeat" doc:"How often the server says that it is there when nothing happens. A connection that is silent for three times as long and ten seconds is made anew."`
	ConnectTimeout time.Duration `koanf:"connect_timeout" doc:"How long an attempt to connect and log in may take."`
}

// Patterns are regular expressions.
type Patterns struct {
	Databases []string `koanf:"databases" doc:"Names of databases."`
	Tables    []string `koanf:"tables" doc:"Names of tables, as in shop\\.orders."`
	Columns   []string `koanf:"columns" doc:"Names of columns, as in shop\\.orders\\.card. Columns of a table's key are always captured."`
}

// Snapshot says what is copied before the stream begins.
type Snapshot struct {
	Mode        string        `koanf:"mode" options:"initial,no_data" doc:"initial: copy the rows of the captured tables for each new sink. no_data: begin at the present, without rows."`
	NewTables   string        `koanf:"new_tables" options:"refuse,skip" doc:"What becomes of tables and columns that include and exclude capture now and did not before, where a sink has a checkpoint already. refuse: do not start. skip: go on without the rows that exist, with changes only."`
	LockTimeout time.Duration `koanf:"lock_timeout" doc:"How long writers may be kept waiting for the lock under which the snapshot begins."`
}

// GTID says of which servers transactions are taken.
type GTID struct {
	Include []string `koanf:"include" doc:"Take transactions of these servers only; of all if empty."`
	Exclude []string `koanf:"exclude" doc:"Leave out transactions of these servers."`
}

// DefaultConfig returns the configuration that holds where the user says nothing.
func DefaultConfig() Config {
	return Config{
		Port:           3306,
		TLS:            tlsconfig.Config{Mode: tlsconfig.VerifyIdentity},
		Snapshot:       Snapshot{Mode: "initial", NewTables: "refuse", LockTimeout: 10 * time.Second},
		Truncate:       "auto",
		Heartbeat:      time.Second,
		ConnectTimeout: 10 * time.Second,
	}
}

// Validate reports all that cannot be right, whatever the server.
func (c Config) Validate() error {
	_, patterns := c.filter()
	_, servers := c.GTID.servers()
	return errors.Join(c.validateNumbers(), patterns, servers, config.At("tls", "", c.TLS.Validate()))
}

func (c Config) validateNumbers() error {
	var errs []error
	if c.Port < 1 || c.Port > math.MaxUint16 {
		errs = append(errs, config.At("port", "use a number from 1 to 65535", fmt.Errorf("%d is no port", c.Port)))
	}
	durations := []struct {
		path       string
		value, min time.Duration
	}{
		{"heartbeat", c.Heartbeat, time.Millisecond},
		{"connect_timeout", c.ConnectTimeout, time.Millisecond},
		{"snapshot.lock_timeout", c.Snapshot.LockTimeout, time.Second},
	}
	for _, d := range durations {
		if d.value < d.min {
			errs = append(errs, config.At(d.path, fmt.Sprintf("use %s or more", d.min), fmt.Errorf("%s is too short", d.value)))
		}
	}
	return errors.Join(errs...)
}

func (c Config) filter() (*filter.Filter, error) {
	return filter.New(filter.Patterns(c.Include), filter.Patterns(c.Exclude))
}

// servers returns the rule of which servers transactions are taken.
func (g GTID) servers() (scope.Servers, error) {
	include, errI := uuids("gtid.include", g.Include)
	exclude, errE := uuids("gtid.exclude", g.Exclude)
	return scope.NewServers(include, exclude), errors.Join(errI, errE)
}

func uuids(path string, list []string) ([]gtid.UUID, error) {
	var errs []error
	out := make([]gtid.UUID, len(list))
	for i, text := range list {
		u, err := gtid.ParseUUID(text)
		errs = append(errs, config.At(fmt.Sprintf("%s[%d]", path, i), "write the server_uuid of a server", err))
		out[i] = u
	}
	return out, errors.Join(errs...)
}
