// Package contender starts the programs that the benchmark holds against each
// other: leat with its plugins, and Debezium in Kafka Connect. Each captures one
// database of the lab's MySQL into topics behind a prefix of its own, as Avro with
// schemas in the lab's registry.
//
// It measures nothing. Start reading at Contender.
package contender

import (
	"context"

	"github.com/leat-io/leat/e2e/servers"
)

// Lab is the servers that all contenders share.
type Lab struct {
	MySQL    *servers.MySQLServer
	Kafka    *servers.KafkaServer
	Registry *servers.RegistryServer
}

// Contender is a program that can be measured.
type Contender interface {
	// Name is what the report calls it, and the prefix of its topics.
	Name() string
	// Start starts it from nothing, processes and all. It need not capture yet when
	// Start returns, and resumes where the run of that folder stopped before.
	Start(ctx context.Context, t Task) (Run, error)
}

// Task is what a contender has to do.
type Task struct {
	// Dir holds the contender's configuration, positions and log.
	Dir string
	// Database is captured, all its tables.
	Database string
	// Snapshot has existing rows copied first; else it begins at the present.
	Snapshot bool
	// Profiles is where leat's processes leave their profiles; empty for none.
	Profiles string
}

// Run is a contender at work.
type Run interface {
	// Pid is the root of its processes.
	Pid() int
	// Version of what runs.
	Version(ctx context.Context) (string, error)
	// Failure returns why it does not capture any more; nil if it does.
	Failure(ctx context.Context) error
	// Stop ends it in order: its position is stored.
	Stop(ctx context.Context) error
	// Log is the end of what it printed.
	Log() string
}

// Compression is the same for all, so that none has less to send.
const Compression = "lz4"
