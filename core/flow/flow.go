// Package flow moves the batches of one pipeline from its source through its
// transform to its sinks. Machine is a pure state machine: frames and the comings
// and goings of plugins in, frames to send and checkpoints to move out. Flow is
// its rim: it holds the lock, the connections and the back-pressure.
//
// Start reading at Machine.
package flow

import (
	"errors"
	"fmt"
	"strings"

	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// Stage names a plugin of the pipeline.
type Stage int

// The stages. Sinks follow from FirstSink on, in the pipeline's order.
const (
	Source Stage = iota
	Transform
	FirstSink
)

// Sink returns the stage of the i-th sink.
func Sink(i int) Stage { return FirstSink + Stage(i) }

func (s Stage) sink() int { return int(s - FirstSink) }

// ErrProtocol means that a plugin sent what the protocol does not allow. Its
// process is started anew.
var ErrProtocol = errors.New("plugin broke the protocol")

func violation(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrProtocol}, args...)...)
}

// Failure is what a plugin says ended it.
type Failure struct {
	Message string
	Kind    leatv1.FailureKind
}

// maxMessage is what is kept of the words by which a plugin ends.
const maxMessage = 16 << 10

// NewFailure takes what a plugin has said, up to 16 KiB of it.
func NewFailure(f *leatv1.Failure) *Failure {
	message := f.GetMessage()
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + " …"
	}
	return &Failure{Message: message, Kind: f.GetKind()}
}

// Permanent makes the failure that a person has to mend.
func Permanent(message string) *Failure {
	return &Failure{Message: message, Kind: leatv1.FailureKind_FAILURE_KIND_PERMANENT}
}

// IsPermanent says whether a person has to mend something.
func (f *Failure) IsPermanent() bool {
	return f.Kind == leatv1.FailureKind_FAILURE_KIND_PERMANENT || f.IsSuperseded()
}

// IsSuperseded says whether another process has taken the plugin's place.
func (f *Failure) IsSuperseded() bool { return f.Kind == leatv1.FailureKind_FAILURE_KIND_SUPERSEDED }

// IsTransient says whether another system is away or busy.
func (f *Failure) IsTransient() bool { return f.Kind == leatv1.FailureKind_FAILURE_KIND_TRANSIENT }

// Error returns the plugin's own words.
func (f *Failure) Error() string { return f.Message }
