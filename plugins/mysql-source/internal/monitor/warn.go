package monitor

import (
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/sdk"
)

// level is how near it is that the server deletes what a sink needs.
type level int

const (
	fine level = iota
	withinDay
	withinHour
	gone
)

// levelOf is fine where no time runs out.
func levelOf(k *keep, now time.Time) level {
	if k == nil || !k.known || !k.first.Counting {
		return fine
	}
	switch left, _ := k.left(now); {
	case k.first.Gone:
		return gone
	case left < time.Hour:
		return withinHour
	case left < 24*time.Hour:
		return withinDay
	}
	return fine
}

// warn tells of it in the log, once for each level that is reached.
func (m *Monitor) warn(k *keep) {
	if k == nil {
		return // not known just now
	}
	now := levelOf(k, time.Now())
	was := m.level
	m.level = now
	if was == fine {
		m.since = time.Now()
	}
	switch {
	case now == gone && was != gone:
		m.Logger.Error("the server has deleted log that a sink still needs", "sink", k.sink, "reason", k.reason, "cure", goneCure)
	case now > was:
		left, _ := k.left(time.Now())
		m.Logger.Warn("the server will delete log that a sink still needs", "sink", k.sink, "seconds", int64(left.Seconds()), "reason", k.reason, "cure", keepCure)
	case now == fine && was != fine:
		m.Logger.Info("the server keeps the log that the sinks need for a day or longer", "reason", k.reason)
	}
}

const (
	keepCure = "let the sink catch up, or have the server keep its log longer, by what the reason names: binlog_expire_logs_seconds (expire_logs_days before MySQL 8.0 and MariaDB 10.6), max_binlog_total_size of MariaDB, or what a managed service has for that, as CALL mysql.rds_set_configuration('binlog retention hours', 168)"
	goneCure = "leave the pipeline running until the sink has caught up, if all was read before; once the source has to start again there, " + cure.NewSnapshot
)

// Notices returns what people should know of how long the log is kept.
func (m *Monitor) Notices() []sdk.Notice {
	m.mu.Lock()
	defer m.mu.Unlock()
	what := levelOf(m.keep, time.Now())
	if what == fine {
		return nil
	}
	n := sdk.Notice{Subject: "binary log of sink " + m.keep.sink, Cure: keepCure, Since: m.keep.since, Sinks: []string{m.keep.sink}}
	switch what {
	case gone:
		n.Message, n.Cure = "the server has deleted log that the sink still needs", goneCure
	case withinHour:
		n.Message = "the server may delete log that the sink still needs within the hour"
	default:
		n.Message = "the server will delete log that the sink still needs within the day"
	}
	n.Message += ": " + m.keep.reason
	return []sdk.Notice{n}
}
