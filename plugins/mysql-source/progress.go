package main

import (
	"context"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/monitor"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/sdk"
)

var (
	_ sdk.ProgressReporter = (*Source)(nil)
	_ sdk.DurableListener  = (*Source)(nil)
)

// startMonitor has the server asked from now on how far its log is ahead.
func (s *Source) startMonitor(ctx context.Context) {
	var sinks []monitor.Sink
	for i := range s.sinks {
		at := s.sinks[i].Done
		if !at.Named() {
			continue
		}
		if at.GTID != nil {
			at.GTID = at.GTID.Clone() // the stream goes on with its own
		}
		sinks = append(sinks, monitor.Sink{Name: s.sinks[i].Name, At: at})
	}
	s.monitor = monitor.Start(ctx, monitor.Settings{
		Server: s.server, Ignore: s.ignore, Logger: s.env.Logger, Meter: s.meter, Every: s.asks,
	}, sinks)
}

// Durable takes in how far the sinks have come.
func (s *Source) Durable(sinks []sdk.SinkPosition) {
	var out []monitor.Sink
	for _, x := range sinks {
		if x.Position == nil {
			continue
		}
		at, err := position.Parse(x.Position.Base)
		if err != nil { // it was not written by this source
			s.env.Logger.Debug("a sink's position cannot be read", "sink", x.Name, "error", err)
			continue
		}
		out = append(out, monitor.Sink{Name: x.Name, At: at})
	}
	s.monitor.Durable(out)
}

// Progress tells how far the source has come, and how far the server is ahead.
func (s *Source) Progress() sdk.Progress {
	read := s.meter.Progress()
	p := sdk.Progress{LastTransaction: moment(read.LastTransaction), LastRow: moment(read.LastRow)}
	for _, t := range read.Tables {
		p.Tables = append(p.Tables, sdk.TableProgress{
			Database: t.Name.Database, Table: t.Name.Table, Rows: t.Rows, LastChange: moment(t.Last),
		})
	}
	s.monitor.Report(&p)
	return p
}

// moment of microseconds since 1970, zero for 0.
func moment(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMicro(at).UTC()
}
