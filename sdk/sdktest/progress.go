package sdktest

import (
	"context"
	"testing"
	"time"

	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// Progress tells the source that all batches which Next has returned are durable,
// and returns how far it says it has come; nil if it does not say.
func (r *SourceRun) Progress() (*leatv1.SourceProgress, error) {
	req := &leatv1.HealthRequest{}
	for i, name := range r.names {
		s := &leatv1.Sink{Name: name}
		if c := r.points[i]; c != nil {
			b, _ := c.Position.AppendBinary(nil) // never fails
			s.Checkpoint = &leatv1.Checkpoint{Position: b}
		}
		req.Sinks = append(req.Sinks, s)
	}
	ctx, cancel := context.WithTimeout(context.Background(), r.timeout)
	defer cancel()
	h, err := r.server.Health(ctx, req)
	return h.GetProgress(), err
}

// progresses sees that a source which tells how far it has come counts what it
// sends, and knows when nothing is left.
func (d *SourceDriver) progresses(t *testing.T, c *SourceRun) {
	want := d.Produce(t, changes)
	same(t, "records", want, d.read(t, c, want))
	var p *leatv1.SourceProgress
	for end := time.Now().Add(d.timeout()); ; time.Sleep(10 * time.Millisecond) {
		var err error
		if p, err = c.Progress(); err != nil {
			t.Fatalf("progress: %v", err)
		}
		if p == nil || told(p) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("after %d changes the source tells %v", changes, p)
		}
	}
}

// told says whether a progress is that of a source which has read and sent all.
func told(p *leatv1.SourceProgress) bool {
	var rows uint64
	for _, t := range p.GetTables() {
		rows += t.GetRows()
	}
	return p.GetLastTransaction() != 0 && p.GetLastRow() != 0 && p.GetTransactionsBehind() == 0 && rows >= changes
}
