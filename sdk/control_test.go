package sdk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

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

// pathed is a configuration of which the defaults alone make no sink.
type pathed struct {
	Path string `koanf:"path" doc:"Where to write."`
}

// failing is a sink that cannot open.
type failing struct {
	plain
	err error
}

func (f *failing) Open(context.Context) error { return f.err }

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
	t.Run("its configuration decides whether a sink is transactional", func(t *testing.T) {
		t.Parallel()
		for _, exactly := range []bool{true, false} {
			p := sinkPlugin(func(c choice) (sdk.Sink, error) {
				if c.Exactly {
					return &storing{}, nil
				}
				return &plain{}, nil
			})
			about, err := p.Server().Describe(t.Context(), &leatv1.DescribeRequest{})
			if err != nil || !about.GetTransactional() {
				t.Fatalf("described as %v, error %v", about, err)
			}
			run, err := sdktest.RunSink(t, p, map[string]any{"exactly": exactly})
			if err != nil {
				t.Fatal(err)
			}
			defer run.Kill()
			if run.Transactional() != exactly || (run.Stored() != nil) != exactly {
				t.Errorf("with %t: transactional %t, checkpoint %v", exactly, run.Transactional(), run.Stored())
			}
		}
	})
	t.Run("a transactional sink that does not do with the defaults", func(t *testing.T) {
		t.Parallel()
		p := sdk.NewSink(info, func() pathed { return pathed{} }, func(c pathed, _ sdk.Env) (*storing, error) {
			if c.Path == "" {
				return nil, errors.New("a path is needed")
			}
			return &storing{}, nil
		})
		about, err := p.Server().Describe(t.Context(), &leatv1.DescribeRequest{})
		if err != nil || !about.GetTransactional() {
			t.Fatalf("described as %v, error %v", about, err)
		}
		run, err := sdktest.RunSink(t, p, map[string]any{"path": "/somewhere"})
		if err != nil {
			t.Fatal(err)
		}
		defer run.Kill()
		if !run.Transactional() || run.Stored() == nil {
			t.Errorf("transactional %t, checkpoint %v", run.Transactional(), run.Stored())
		}
	})
	t.Run("a constructor that returns nothing", func(t *testing.T) {
		t.Parallel()
		for name, p := range map[string]*sdk.Plugin{
			"interface": sinkPlugin(func(choice) (sdk.Sink, error) { return nil, nil }),
			"pointer":   sdk.NewSink(info, func() choice { return choice{} }, func(choice, sdk.Env) (*plain, error) { return nil, nil }),
		} {
			_, err := sdktest.RunSink(t, p, map[string]any{})
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "neither") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("what closing finds does not make a failed Open permanent", func(t *testing.T) {
		t.Parallel()
		for _, permanent := range []bool{true, false} {
			away := errors.New("the system is away")
			if permanent {
				away = sdk.Permanent(away)
			}
			p := sinkPlugin(func(choice) (sdk.Sink, error) {
				return &failing{plain{closeFail: sdk.Permanent(errors.New("not open"))}, away}, nil
			})
			_, err := sdktest.RunSink(t, p, map[string]any{})
			if err == nil || sdk.IsTransient(err) == permanent || !strings.Contains(err.Error(), "not open") {
				t.Errorf("permanent %t: %v", permanent, err)
			}
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

// copying is a source that makes snapshots.
type copying struct{ sdk.Source }

func (copying) Snapshot(context.Context, *sdk.Writer) error { return nil }

func TestDescribeMakesNoInstance(t *testing.T) {
	t.Parallel()
	never := func(what string) error {
		t.Errorf("%s was made to describe the plugin", what)
		return errors.New("no")
	}
	none := func() choice { return choice{} }
	for name, tt := range map[string]struct {
		plugin              *sdk.Plugin
		transacts, snapshot bool
	}{
		"a plain sink":         {sdk.NewSink(info, none, func(choice, sdk.Env) (*plain, error) { return nil, never("sink") }), false, false},
		"a transactional sink": {sdk.NewSink(info, none, func(choice, sdk.Env) (*storing, error) { return nil, never("sink") }), true, false},
		"some sink":            {sdk.NewSink(info, none, func(choice, sdk.Env) (sdk.Sink, error) { return nil, never("sink") }), true, false},
		"a source that copies": {sdk.NewSource(info, none, func(choice, sdk.Env) (copying, error) { return copying{}, never("source") }), false, true},
		"a transform":          {sdk.NewTransform(info, none, func(choice, sdk.Env) (*hasty, error) { return nil, never("transform") }), false, false},
	} {
		about, err := tt.plugin.Server().Describe(t.Context(), &leatv1.DescribeRequest{})
		if err != nil || about.GetTransactional() != tt.transacts || about.GetSnapshots() != tt.snapshot {
			t.Errorf("%s: %v, error %v", name, about, err)
		}
	}
}

func TestDescribeTellsTheKindsOfRecord(t *testing.T) {
	t.Parallel()
	info := sdk.Info{Name: "both", Accepts: []sdk.RecordKind{sdk.Changes}, Emits: []sdk.RecordKind{sdk.Messages, sdk.Changes}}
	p := sdk.NewTransform(info, func() choice { return choice{} }, func(choice, sdk.Env) (sdk.Transform, error) { return nil, nil })
	about, err := p.Server().Describe(t.Context(), &leatv1.DescribeRequest{})
	if err != nil {
		t.Fatal(err)
	}
	const change, message = leatv1.RecordKind_RECORD_KIND_CHANGE, leatv1.RecordKind_RECORD_KIND_MESSAGE
	if a, e := about.GetAccepts(), about.GetEmits(); !slices.Equal(a, []leatv1.RecordKind{change}) || !slices.Equal(e, []leatv1.RecordKind{message, change}) {
		t.Errorf("accepts %v, emits %v", a, e)
	}
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

// noticing is a plain sink with notices.
type noticing struct {
	plain
	notices []sdk.Notice
}

func (n *noticing) Notices() []sdk.Notice { return n.notices }

func TestHealthBringsNotices(t *testing.T) {
	t.Parallel()
	since := time.UnixMicro(1_700_000_000_000_001)
	for name, health := range map[string]error{"OK": nil, "of a plugin that waits": errors.New("waits for Kafka")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sinkPlugin(func(choice) (sdk.Sink, error) {
				return &noticing{plain{health: health}, []sdk.Notice{
					{Subject: "table d.t", Message: "not equal", Cure: "copy it", Since: since, Sinks: []string{"a"}}, {Subject: "table d.u"},
				}}, nil
			})
			run, err := sdktest.RunSink(t, p, map[string]any{})
			if err != nil {
				t.Fatal(err)
			}
			defer run.Kill()
			r, err := p.Server().Health(t.Context(), &leatv1.HealthRequest{})
			if err != nil || (r.GetDetail() != "") != (health != nil) {
				t.Fatalf("got %v, error %v", r, err)
			}
			want := []*leatv1.Notice{
				{Subject: "table d.t", Message: "not equal", Cure: "copy it", Since: since.UnixMicro(), Sinks: []string{"a"}}, {Subject: "table d.u"},
			}
			if diff := cmp.Diff(want, r.GetNotices(), protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
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
	record := sdktest.Record{Row: &sdk.RowSchema{}, Change: &sdk.Change{Op: sdk.Create}}
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
		run.Send(sdktest.Record{Row: &sdk.RowSchema{}, Change: &sdk.Change{Op: sdk.Create}})
	}
	<-h.entered
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r, err := p.Server().Stop(ctx, &leatv1.StopRequest{})
	if err != nil || r.GetFailure() == nil || r.GetFailure().GetKind() == leatv1.FailureKind_FAILURE_KIND_PERMANENT {
		t.Errorf("got %v, error %v", r, err)
	}
}
