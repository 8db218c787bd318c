package sdktest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// TransformDriver is what the suite needs to know of a transform.
type TransformDriver struct {
	Driver
	// Batches that the transform can take, in the order of a stream: at least two,
	// and among them records of more than one table or target.
	Batches [][]Record
	// Check compares what the transform made of a batch with the batch. It may be nil.
	Check func(t *testing.T, in, out []Record)
	// Normal takes out of a record what differs between two runs, such as the time
	// at which it was made. Nil: nothing does.
	Normal func(Record) Record
	// Bad records, by what is wrong with them: each ends the transform with a
	// permanent error, as it will never be taken.
	Bad map[string]Record
}

// Transform runs the suite for transforms.
func Transform(t *testing.T, d TransformDriver) {
	if len(d.Batches) < 2 {
		t.Fatalf("the driver has %d batches, want 2 or more", len(d.Batches))
	}
	d.common(t, leatv1.Kind_KIND_TRANSFORM, func(t *testing.T, config any) (*host, error) {
		r, err := RunTransform(t, d.New(), config)
		if err != nil {
			return nil, err
		}
		return r.host, nil
	})
	d.run(t, "answers each batch with one batch", d.answers)
	d.run(t, "answers an empty batch with an empty one", d.empty)
	d.run(t, "gives the same answers after a crash", d.crash)
	d.run(t, "answers all it was sent before a stop", d.stopped)
	for name, bad := range d.Bad {
		d.run(t, "stops for good at: "+name, func(t *testing.T) { d.bad(t, bad) })
	}
}

func (d *TransformDriver) open(t *testing.T) *TransformRun {
	t.Helper()
	r, err := RunTransform(t, d.New(), d.Config)
	if err != nil {
		t.Fatalf("open transform: %v", err)
	}
	r.timeout = d.timeout()
	return r
}

func answer(t *testing.T, r *TransformRun) []Record {
	t.Helper()
	out, err := r.Answer()
	if err != nil {
		t.Fatalf("answer to batch %d: %v", r.answered+1, err)
	}
	return out
}

func (d *TransformDriver) answers(t *testing.T) {
	r := d.open(t)
	for _, b := range d.Batches { // all at once: the host does not wait for answers
		r.Send(b...)
	}
	for _, b := range d.Batches {
		out := answer(t, r)
		if d.Check != nil {
			d.Check(t, b, out)
		}
	}
	r.Kill()
}

func (d *TransformDriver) empty(t *testing.T) {
	r := d.open(t)
	r.Send(d.Batches[0]...)
	r.Send()
	r.Send(d.Batches[1]...)
	answer(t, r)
	if out := answer(t, r); len(out) > 0 {
		t.Errorf("the answer to an empty batch has %d records: %+v", len(out), out[0])
	}
	answer(t, r)
	r.Kill()
}

// crash kills the transform behind each answer, and sends the rest to the next.
func (d *TransformDriver) crash(t *testing.T) {
	want := d.all(t)
	for done := range d.Batches {
		r := d.open(t)
		for _, b := range d.Batches {
			r.Send(b...)
		}
		for range done {
			answer(t, r)
		}
		r.Kill()
		next := d.open(t)
		for _, b := range d.Batches[done:] {
			next.Send(b...)
		}
		for i := range d.Batches[done:] {
			d.sameRecords(t, "answer after a crash", want[done+i], answer(t, next))
		}
		next.Kill()
	}
}

// all returns the answers of a transform that nothing disturbs.
func (d *TransformDriver) all(t *testing.T) [][]Record {
	t.Helper()
	r := d.open(t)
	var out [][]Record
	for _, b := range d.Batches {
		r.Send(b...)
		out = append(out, answer(t, r))
	}
	r.Kill()
	return out
}

func (d *TransformDriver) stopped(t *testing.T) {
	want := d.all(t)
	r := d.open(t)
	for _, b := range d.Batches {
		r.Send(b...)
	}
	got, err := r.Stop()
	if err != nil {
		t.Fatalf("stop: %v", err)
	}
	for i := range want {
		d.sameRecords(t, "answer before the stop", want[i], got[i])
	}
}

func (d *TransformDriver) bad(t *testing.T, bad Record) {
	r := d.open(t)
	r.Send(bad)
	out, err := r.Answer()
	switch {
	case err == nil:
		t.Errorf("the batch was answered: %+v", out)
	case isWaited(err) || sdk.IsTransient(err):
		t.Errorf("want a permanent error, got: %v", err)
	}
	r.Kill()
}

func (d *TransformDriver) sameRecords(t *testing.T, what string, want, got []Record) {
	t.Helper()
	if diff := cmp.Diff(d.normal(want), d.normal(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (d *TransformDriver) normal(records []Record) []Record {
	if d.Normal == nil {
		return records
	}
	out := make([]Record, len(records))
	for i, r := range records {
		out[i] = d.Normal(r)
	}
	return out
}
