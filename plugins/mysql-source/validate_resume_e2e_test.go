//go:build e2e

package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/sdk"
)

// resumeFindings are those of validate for the checkpoints of r.
func (b *bench) resumeFindings(r *recorder) []sdk.Finding {
	b.Helper()
	s, err := b.source(prometheus.NewRegistry(), io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	return s.(sdk.ResumeValidator).ValidateResume(b.Context(), r.resume())
}

// foretold expects an error that validate finds, and that the source then ends
// with, in the same words and with the same cure.
func (b *bench) foretold(r *recorder, check, says string) {
	b.Helper()
	var found sdk.Finding
	for _, f := range b.resumeFindings(r) {
		if f.Severity == sdk.Error {
			found = f
		}
	}
	if found.Check != check || found.Cure == "" || !strings.Contains(found.Message, says) || !strings.Contains(found.Message, "sink0") {
		b.Errorf("found %+v; want an error of %s that names the sink and says %q", found, check, says)
	}
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	if err := b.readAll(ctx, r); err == nil || sdk.IsTransient(err) || err.Error() != found.Message+": "+found.Cure {
		b.Errorf("the source ends with\n%v\nand validate has found\n%s: %s", err, found.Message, found.Cure)
	}
}

// fine expects that validate finds nothing, and that the source reads on.
func (b *bench) fine(r *recorder) {
	b.Helper()
	found := b.resumeFindings(r)
	if len(found) != 1 || found[0].Severity != sdk.OK || !strings.Contains(found[0].Message, "sink sink0 resumes at ") {
		b.Errorf("found %+v; want that sink0 resumes", found)
	}
}

func TestSource_ValidateResume_log(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			b := kind(t)
			r := newRecorder(1)
			x := b.start(r)
			x.reading()
			b.inserts(1, 3)
			x.until(func() bool { return len(r.texts(0, 0)) == 3 && r.atCommit() })
			b.fine(r) // beside the source that runs,
			b.inserts(4, 1)
			x.until(func() bool { return len(r.texts(0, 0)) == 4 && r.atCommit() })
			if log := b.log.String(); strings.Contains(log, "level=WARN") {
				t.Errorf("the source that runs was disturbed: %s", log)
			}
			x.stop()
			b.fine(r) // and after it

			b.exec("FLUSH BINARY LOGS")
			b.inserts(5, 2)
			b.exec("FLUSH BINARY LOGS")
			b.purge()
			b.foretold(r, checkCheckpoint, "the server has purged from its binary log what was not read yet")

			time.Sleep(1100 * time.Millisecond) // MariaDB's log tells no less than a second
			b.reset()
			b.inserts(1001, 20)
			b.foretold(r, checkCheckpoint, "another history answers")
		})
	}
}

func TestSource_ValidateResume_behind(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.inserts(1, 1)
	x.until(r.atCommit)
	x.stop()
	lagging := *b
	lagging.server = b.empty()
	lagging.config.Port = lagging.server.Port
	found := lagging.resumeFindings(r)
	if len(found) != 1 || found[0].Severity != sdk.Warning || !strings.Contains(found[0].Message, "has not executed") || !strings.Contains(found[0].Cure, "catches up") {
		t.Errorf("found %+v; want a warning that the server lags", found)
	}
	lagging.config.Port = 1
	found = lagging.resumeFindings(r)
	if len(found) != 1 || found[0].Severity != sdk.Error || !strings.Contains(found[0].Message, "is not known") {
		t.Errorf("found %+v; want an error that nothing is known", found)
	}
}

func TestSource_ValidateResume_filter(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE b (id INT PRIMARY KEY)", "INSERT INTO b VALUES (1)")
	b.config.Include.Tables = []string{b.db + `\.a`}
	r := newRecorder(1)
	b.start(r).stopWhenReading()
	b.fine(r)
	b.config.Include.Tables = []string{b.db + `\.(a|b)`}
	b.foretold(r, checkFilter, b.db+".b")
	b.config.Snapshot.NewTables = "skip"
	found := b.resumeFindings(r)
	if len(found) != 2 || found[1].Severity != sdk.Warning || !strings.Contains(found[1].Message, "sink0") || !strings.Contains(found[1].Message, b.db+".b") {
		t.Errorf("found %+v; want a warning that names what is left out", found)
	}
	b.config.Snapshot.NewTables = "refuse"
	b.exec("DELETE FROM b")
	b.fine(r) // all that an empty table gets is in the log
}

func TestSource_ValidateResume_unfinishedSnapshot(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1), (2), (3)")
	r := newRecorder(1)
	r.limit = 2
	if err := b.readAll(t.Context(), r); err == nil {
		t.Fatal("the snapshot ended")
	}
	found := b.resumeFindings(r)
	if len(found) != 1 || found[0].Severity != sdk.OK || !strings.Contains(found[0].Message, "sink0 was not finished") {
		t.Errorf("found %+v; want that the snapshot is taken again", found)
	}
	r.points[0].Position.Base = []byte("nonsense")
	found = b.resumeFindings(r)
	if len(found) != 1 || found[0].Severity != sdk.Error || !strings.Contains(found[0].Message, "sink sink0") || found[0].Cure == "" {
		t.Errorf("found %+v; want an error that names the sink", found)
	}
}
