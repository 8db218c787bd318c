package sdk

import (
	"time"

	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// Notice is something that people should know of while all goes on: what it is
// about differs from what they expect until they do something.
type Notice struct {
	// Subject is what it is about: "table shop.orders".
	Subject string
	Message string
	// Cure says what to do.
	Cure string
	// Since is when it became so; zero if that is not known.
	Since time.Time
	// Sinks that it concerns; empty: all.
	Sinks []string
}

// Noticer is a plugin that has notices. They are shown with the status of the
// pipeline, which stays ready.
type Noticer interface {
	// Notices returns at once what holds now. It is called from any goroutine,
	// after Open.
	Notices() []Notice
}

func noticesToProto(plugin any) []*leatv1.Notice {
	n, ok := plugin.(Noticer)
	if !ok {
		return nil
	}
	var out []*leatv1.Notice
	for _, x := range n.Notices() {
		p := &leatv1.Notice{Subject: x.Subject, Message: x.Message, Cure: x.Cure, Sinks: x.Sinks}
		if !x.Since.IsZero() {
			p.Since = x.Since.UnixMicro()
		}
		out = append(out, p)
	}
	return out
}
