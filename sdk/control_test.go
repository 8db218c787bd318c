package sdk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
	"github.com/leat-io/leat/sdk/sdktest"
)

// plain is a sink that takes everything.
type plain struct {
	health    error
	closed    *int
	closeFail error
}

func (p *plain) Open(context.Context) error                              { return nil }
func (p *plain) Write(_ context.Context, _ *sdk.Batch, done func(error)) { done(nil) }
func (p *plain) Health() error                                           { return p.health }
func (p *plain) Close(context.Context) error {
	if p.closed != nil {
		*p.closed++
	}
	return p.closeFail
}

// storing is a plain sink that is transactional.
type storing struct{ plain }

func (s *storing) Checkpoint(context.Context) (*sdk.Checkpoint, error) {
	return &sdk.Checkpoint{Position: sdk.Position{Base: []byte("here"), Skip: 2}, State: map[string][]byte{"k": []byte("v")}}, nil
}

type choice struct {
	Exactly bool `koanf:"exactly" doc:"Store checkpoints."`
}

var info = sdk.Info{Name: "plain", Version: "1", Summary: "Takes everything."}

func sinkPlugin(make func(choice) (sdk.Sink, error)) *sdk.Plugin {
	return sdk.NewSink(info, func() choice { return choice{} }, func(c choice, _ sdk.Env) (sdk.Sink, error) { return make(c) })
}

func TestOpen(t *testing.T) {
	t.Parallel()
	t.Run("a process serves one Open", func(t *testing.T) {
		t.Parallel()
		p := sinkPlugin(func(choice) (sdk.Sink, error) { return &plain{}, nil })
		run, err := sdktest.RunSink(t, p, map[string]any{})
		if err != nil {
			t.Fatal(err)
		}
		defer run.Kill()
		if _, err := p.Server().Open(t.Context(), &leatv1.OpenRequest{Config: []byte("{}")}); err == nil {
			t.Error("it was opened twice")
		}
	})
	t.Run("the checkpoint of a transactional sink comes with the answer", func(t *testing.T) {
		t.Parallel()
		p := sinkPlugin(func(choice) (sdk.Sink, error) { return &storing{}, nil })
		about, err := p.Server().Describe(t.Context(), &leatv1.DescribeRequest{})
		if err != nil || !about.GetTransactional() {
			t.Fatalf("described as %v, error %v", about, err)
		}
		run, err := sdktest.RunSink(t, p, map[string]any{})
		if err != nil {
			t.Fatal(err)
		}
		defer run.Kill()
		c := run.Stored()
		if c == nil || string(c.Position.Base) != "here" || c.Position.Skip != 2 || string(c.State["k"]) != "v" {
			t.Errorf("got %+v", c)
		}
	})
	t.Run("a sink that is transactional by configuration alone is refused", func(t *testing.T) {
		t.Parallel()
		p := sinkPlugin(func(c choice) (sdk.Sink, error) {
			if c.Exactly {
				return &storing{}, nil
			}
			return &plain{}, nil
		})
		_, err := sdktest.RunSink(t, p, map[string]any{"exactly": true})
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "transactional") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the constructor's error is told as it is marked", func(t *testing.T) {
		t.Parallel()
		p := sinkPlugin(func(choice) (sdk.Sink, error) { return nil, sdk.Permanent(errors.New("no such mode")) })
		_, err := sdktest.RunSink(t, p, map[string]any{})
		if err == nil || sdk.IsTransient(err) || err.Error() != "no such mode" {
			t.Errorf("got %v", err)
		}
	})
}

func TestStopClosesOnceAndTellsWhatFailed(t *testing.T) {
	t.Parallel()
	closed := 0
	p := sinkPlugin(func(choice) (sdk.Sink, error) {
		return &plain{closed: &closed, closeFail: errors.New("rows are left")}, nil
	})
	run, err := sdktest.RunSink(t, p, map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Stop(); err == nil || err.Error() != "rows are left" {
		t.Errorf("got %v", err)
	}
	run.Kill()
	if closed != 1 {
		t.Errorf("closed %d times", closed)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	p := sinkPlugin(func(choice) (sdk.Sink, error) { return &plain{health: errors.New("waits for Kafka")}, nil })
	run, err := sdktest.RunSink(t, p, map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	defer run.Kill()
	r, err := p.Server().Health(t.Context(), &leatv1.HealthRequest{})
	if err != nil || r.GetDetail() != "waits for Kafka" {
		t.Errorf("got %q, error %v", r.GetDetail(), err)
	}
}

// hasty is a transform that gives up as soon as its context ends.
type hasty struct{ entered chan struct{} }

func (h *hasty) Open(context.Context) error  { return nil }
func (h *hasty) Close(context.Context) error { return nil }
func (h *hasty) Transform(ctx context.Context, _ *sdk.Batch, _ *sdk.Output) error {
	select {
	case h.entered <- struct{}{}:
	default:
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(20 * time.Millisecond):
		return nil
	}
}

func TestStopLetsATransformFinishWhatItHasReceived(t *testing.T) {
	t.Parallel()
	h := &hasty{entered: make(chan struct{}, 1)}
	p := sdk.NewTransform(info, func() choice { return choice{} }, func(choice, sdk.Env) (sdk.Transform, error) { return h, nil })
	run, err := sdktest.RunTransform(t, p, map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	record := sdktest.Record{Row: &sdk.RowSchema{}, Change: &sdk.Change{}}
	for range 5 {
		run.Send(record)
	}
	<-h.entered
	answers, err := run.Stop()
	if err != nil || len(answers) != 5 {
		t.Errorf("%d answers, error %v", len(answers), err)
	}
}

func TestStopGivesUpWhenItsTimeIsUp(t *testing.T) {
	t.Parallel()
	h := &hasty{entered: make(chan struct{}, 1)}
	p := sdk.NewTransform(info, func() choice { return choice{} }, func(choice, sdk.Env) (sdk.Transform, error) { return h, nil })
	run, err := sdktest.RunTransform(t, p, map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	defer run.Kill()
	for range 100 { // two seconds of work
		run.Send(sdktest.Record{Row: &sdk.RowSchema{}, Change: &sdk.Change{}})
	}
	<-h.entered
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r, err := p.Server().Stop(ctx, &leatv1.StopRequest{})
	if err != nil || !r.GetFailure().GetTransient() {
		t.Errorf("got %v, error %v", r, err)
	}
}
