package sdk

import (
	"context"

	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// Stream is the records of one table, and the topic that they go to once a
// transform has named it.
type Stream struct {
	Database, Schema, Table string
	Topic                   string
}

// Forecaster is a Source or Transform that can say ahead of time what it expects
// to send, so that the sinks can check their rights on it. It is called after
// Validate, on an instance that is not opened, and changes nothing.
type Forecaster interface {
	// Forecast returns what becomes of in, which a source gets none of.
	Forecast(ctx context.Context, in []Stream) ([]Stream, error)
}

// forecast asks a plugin that can tell; that it fails is a finding.
func forecast(ctx context.Context, plugin any, in []Stream) ([]*leatv1.Stream, []*leatv1.Finding) {
	f, ok := plugin.(Forecaster)
	if !ok {
		return nil, nil
	}
	streams, err := f.Forecast(ctx, in)
	if err != nil {
		return nil, []*leatv1.Finding{findingToProto(Finding{
			Severity: Warning, Check: "forecast", Message: "cannot tell what will be sent, so the sinks' rights on it are not checked: " + err.Error(),
			Cure: "mend what the message says",
		})}
	}
	return streamsToProto(streams), nil
}

func streamsToProto(streams []Stream) []*leatv1.Stream {
	out := make([]*leatv1.Stream, len(streams))
	for i, s := range streams {
		out[i] = &leatv1.Stream{Database: s.Database, Schema: s.Schema, Table: s.Table, Topic: s.Topic}
	}
	return out
}

func streamsFromProto(streams []*leatv1.Stream) []Stream {
	out := make([]Stream, len(streams))
	for i, s := range streams {
		out[i] = Stream{Database: s.GetDatabase(), Schema: s.GetSchema(), Table: s.GetTable(), Topic: s.GetTopic()}
	}
	return out
}
