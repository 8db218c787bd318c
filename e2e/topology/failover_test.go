//go:build e2e

package topology

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/leat-io/leat/core/status"
)

// captureFails kills the capture primary. HAProxy goes over to the secondary, and back once the
// primary is there again.
func (s *site) captureFails() {
	s.t.Helper()
	killed := time.Now()
	if err := s.primary.Kill(); err != nil {
		s.t.Fatal(err)
	}
	s.reads(s.secondary, len(s.hosts))
	s.caughtUp(s.all()...)
	s.gaps("the primary killed", killed)

	back := time.Now()
	if err := s.primary.Start(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.reads(s.primary, len(s.hosts))
	s.caughtUp(s.all()...)
	s.gaps("the primary back", back)
	s.filtersHold()
}

// gaps prints how long no row came.
func (s *site) gaps(what string, since time.Time) {
	s.t.Logf("%s: no row for %v of shop and for %v of billing", what,
		s.reader.gap("shop", since).Round(10*time.Millisecond), s.reader.gap("billing", since).Round(10*time.Millisecond))
}

// filtersHold looks whether the filters of capture.cnf are back after a restart.
func (s *site) filtersHold() {
	s.t.Helper()
	got := s.ask(s.primary, "SELECT GROUP_CONCAT(CONCAT(channel_name, '=', filter_rule) ORDER BY channel_name) FROM performance_schema.replication_applier_filters")
	if want := "billing=billing.%,shop=shop.%,stock=stock.%"; got != want {
		s.t.Errorf("filters after a restart are %s, want %s", got, want)
	}
}

// channelLags stops a channel of the secondary and flips to it: the pipeline of that database has
// to wait, and the other to go on.
func (s *site) channelLags() {
	s.t.Helper()
	s.exec(s.secondary, "STOP REPLICA SQL_THREAD FOR CHANNEL 'billing'")
	s.writesMore("billing")
	s.caughtUp(s.all()...) // leat has what the secondary lacks
	s.command("disable server capture/primary")
	lagged := time.Now()
	s.waits("billing", "has not executed transactions that were read before")
	s.caughtUp("shop")
	s.writesMore("shop", "billing")
	waiting := s.ledger.Cut().Of("billing")
	s.caughtUp("shop")
	s.ready("shop")
	if len(s.audit.Missing(waiting)) == 0 {
		s.t.Error("rows came of a channel that stands")
	}
	s.exec(s.secondary, "START REPLICA SQL_THREAD FOR CHANNEL 'billing'")
	s.caughtUp(s.all()...)
	s.gaps("billing's channel behind", lagged)
	s.ready("billing")
	s.flipBack()
	s.caughtUp(s.all()...)
}

// log returns how much a pipeline's leat has said.
func (s *site) log(pipeline string) int { return len(s.hosts[pipeline].Log()) }

// says waits until a pipeline's leat says something that it had not said before.
func (s *site) says(pipeline string, before int, words string) {
	s.t.Helper()
	s.waitFor("word of "+pipeline, func() error {
		if !strings.Contains(s.hosts[pipeline].Log()[before:], words) {
			return fmt.Errorf("its leat has not said %q", words)
		}
		return nil
	})
}

// waits waits until a pipeline says at /status that it waits for something.
func (s *site) waits(pipeline, words string) {
	s.t.Helper()
	s.waitFor("word of "+pipeline, func() error {
		v, err := s.status(pipeline)
		if err != nil {
			return err
		}
		for _, p := range v.Plugins {
			if strings.Contains(p.Detail, words) {
				return nil
			}
		}
		return fmt.Errorf("it says nothing of %q", words)
	})
}

// all are the databases that have a pipeline.
func (s *site) all() []string { return slices.Sorted(maps.Keys(s.hosts)) }

// ready waits until a pipeline runs and waits for nothing, whatever others in its leat do.
func (s *site) ready(pipeline string) {
	s.t.Helper()
	s.waitFor(pipeline+" ready", func() error {
		v, err := s.status(pipeline)
		if err != nil {
			return err
		}
		if v.State != status.Running {
			return fmt.Errorf("it is %s", v.State)
		}
		for _, p := range v.Plugins {
			if !p.Up || p.Detail != "" {
				return fmt.Errorf("%s is up: %v, and waits: %q", p.Name, p.Up, p.Detail)
			}
		}
		return nil
	})
}
