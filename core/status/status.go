// Package status shows how pipelines fare over HTTP: /metrics for Prometheus,
// /healthz and /readyz for what runs the host, /status for people and scripts.
package status

import (
	"context"
	"time"
)

// State of a pipeline.
type State string

// The states.
const (
	Starting State = "starting"
	Running  State = "running"
	Stopping State = "stopping"
	Stopped  State = "stopped"
	Failed   State = "failed"
)

// Pipeline is a pipeline that can be looked at; its methods are safe for
// concurrent use.
type Pipeline interface {
	// View returns how it fares now.
	View() View
	// Families returns the metrics of each of its plugins, by name: Prometheus
	// metric families, each behind its length. A plugin that does not answer is
	// left out.
	Families(ctx context.Context) map[string][]byte
}

// View of a pipeline.
type View struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	// Since is when it came into that state; of one that has failed and was run
	// anew in vain, when it failed first.
	Since time.Time `json:"since,omitzero"`
	// Error is why the pipeline has failed, and how to mend it. It stays while the
	// pipeline is run anew, until a sink has stored something.
	Error string `json:"error,omitempty"`
	// RetryAt is when it is run anew; none: never.
	RetryAt time.Time `json:"retry_at,omitzero"`
	// Superseded says that another process runs the pipeline now, so that it is not
	// run anew here.
	Superseded bool `json:"superseded,omitempty"`
	// Retries counts how often it was, since Error first came up.
	Retries  int      `json:"retries,omitempty"`
	InFlight int64    `json:"in_flight_bytes"`
	Plugins  []Plugin `json:"plugins"`
	// FellBack says why this run may have begun at the checkpoints before the
	// newest, so that records came again; empty if it did not.
	FellBack string `json:"fell_back,omitempty"`
}

// Plugin is a view of one plugin.
type Plugin struct {
	Name   string `json:"name"`
	Plugin string `json:"plugin"`
	Kind   string `json:"kind"`
	// Up says whether a process of it is open.
	Up       bool `json:"up"`
	Restarts int  `json:"restarts"`
	// DroppedLines are lines of the plugin that are not in the log, as it wrote too
	// many.
	DroppedLines uint64 `json:"dropped_log_lines,omitempty"`
	// Detail says what the plugin waits for, or what ended it last.
	Detail string `json:"detail,omitempty"`
	// Since is since when it does.
	Since time.Time `json:"since,omitzero"`
	// Notices are what people should know of while all goes on.
	Notices []Notice `json:"notices,omitempty"`
	// Records, Batches and Bytes that it has sent (source, transform) or made
	// durable (sinks).
	Records uint64 `json:"records"`
	Batches uint64 `json:"batches"`
	Bytes   uint64 `json:"bytes"`
	// Time of the newest record, or heartbeat, that a sink has made durable.
	Time time.Time `json:"time,omitzero"`
	// LastRecord is the same without heartbeats, which have no records.
	LastRecord time.Time `json:"last_record,omitzero"`
	// Progress of a source, if it says how far it has come.
	Progress *Progress `json:"progress,omitempty"`
	// OpenBatches were given to a sink and are not durable yet.
	OpenBatches int `json:"open_batches"`
	// OldestOpen is the batch that a transform or sink has to finish next.
	OldestOpen *OpenBatch `json:"oldest_open_batch,omitempty"`
	// Checkpoint is when a sink's checkpoint was last stored in this run.
	Checkpoint time.Time `json:"checkpoint,omitzero"`
	// Position of a sink's checkpoint, as far as it is text.
	Position Position `json:"position,omitempty"`
}

// OpenBatch is a batch that a plugin has not answered or made durable yet.
type OpenBatch struct {
	Sequence uint64 `json:"sequence"`
	// Since is when the plugin could begin with it.
	Since time.Time `json:"since"`
}

// Notice is something that holds until a person acts, and keeps nothing from
// being ready.
type Notice struct {
	Subject string `json:"subject"`
	Message string `json:"message"`
	Cure    string `json:"cure,omitempty"`
	// Since is when it became so, if that is known.
	Since time.Time `json:"since,omitzero"`
	// Sinks that it concerns; empty: all.
	Sinks []string `json:"sinks,omitempty"`
}
