package sdktest

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// opener opens the plugin for whatever it is.
type opener func(t *testing.T, config any) (*host, error)

// common runs what is asked of plugins of every kind.
func (d *Driver) common(t *testing.T, kind leatv1.Kind, open opener) {
	d.run(t, "describes itself completely", func(t *testing.T) { d.describes(t, kind) })
	d.run(t, "accepts the configuration that works", func(t *testing.T) {
		if errs := d.problems(t, d.Config); len(errs) > 0 {
			t.Errorf("findings: %v", errs)
		}
	})
	d.run(t, "refuses a key that does not exist", func(t *testing.T) {
		const key = "no_such_key_of_sdktest"
		var config map[string]any
		if err := json.Unmarshal(d.encode(t, d.Config), &config); err != nil {
			t.Fatalf("configuration is no JSON object: %v", err)
		}
		config[key] = true
		d.refuses(t, config, key, open)
	})
	for path, config := range d.Invalid {
		d.run(t, "refuses a wrong "+path, func(t *testing.T) { d.refuses(t, config, path, open) })
	}
	for _, f := range d.Faults {
		d.run(t, "tells the kind of fault: "+f.Name, func(t *testing.T) {
			h, err := open(t, f.Config)
			if err == nil {
				h.Kill()
				t.Fatal("the plugin opened")
			}
			if got := sdk.IsTransient(err); got != f.Transient {
				t.Errorf("transient is %v, want %v: %v", got, f.Transient, err)
			}
		})
	}
	d.run(t, "can be stopped twice", func(t *testing.T) { d.stopsTwice(t, open) })
	d.run(t, "answers Stop, Health and Metrics before Open", func(t *testing.T) { d.idle(t) })
}

func (d *Driver) describes(t *testing.T, kind leatv1.Kind) {
	about, err := d.New().Server().Describe(t.Context(), &leatv1.DescribeRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if about.GetKind() != kind {
		t.Errorf("kind is %v, want %v", about.GetKind(), kind)
	}
	if about.GetName() == "" || about.GetVersion() == "" || about.GetSummary() == "" {
		t.Errorf("name %q, version %q and summary %q must all be there", about.GetName(), about.GetVersion(), about.GetSummary())
	}
	seen := map[string]bool{}
	for _, f := range about.GetConfig() {
		d.field(t, f)
		if seen[f.GetKey()] {
			t.Errorf("%s is described twice", f.GetKey())
		}
		seen[f.GetKey()] = true
	}
}

var fieldTypes = []string{"string", "bool", "int", "float", "duration", "size", "list", "map"}

func (d *Driver) field(t *testing.T, f *leatv1.ConfigField) {
	if f.GetKey() == "" || f.GetDoc() == "" || !slices.Contains(fieldTypes, f.GetType()) {
		t.Errorf("field %q: key, documentation %q and type %q must be there", f.GetKey(), f.GetDoc(), f.GetType())
	}
	if f.GetDefault() != "" && !json.Valid([]byte(f.GetDefault())) {
		t.Errorf("field %s: default %s is no JSON", f.GetKey(), f.GetDefault())
	}
	if f.GetRequired() && f.GetDefault() != "" {
		t.Errorf("field %s is required and has the default %s", f.GetKey(), f.GetDefault())
	}
}

// problems returns what Validate finds wrong in the shape of a configuration.
func (d *Driver) problems(t *testing.T, config any) []*leatv1.Finding {
	t.Helper()
	r, err := d.New().Server().Validate(t.Context(), &leatv1.ValidateRequest{Config: d.encode(t, config)})
	if err != nil {
		t.Fatalf("validate: %v", err)
	}
	var bad []*leatv1.Finding
	for _, f := range r.GetFindings() {
		if f.GetSeverity() == leatv1.Severity_SEVERITY_ERROR {
			bad = append(bad, f)
		}
	}
	return bad
}

func (d *Driver) refuses(t *testing.T, config any, path string, open opener) {
	found := d.problems(t, config)
	if !slices.ContainsFunc(found, func(f *leatv1.Finding) bool { return f.GetPath() == path && f.GetMessage() != "" }) {
		t.Errorf("Validate has no finding at %s: %v", path, found)
	}
	h, err := open(t, config)
	if err == nil {
		h.Kill()
		t.Fatal("the plugin opened")
	}
	if sdk.IsTransient(err) {
		t.Errorf("Open calls it transient: %v", err)
	}
}

func (d *Driver) stopsTwice(t *testing.T, open opener) {
	h, err := open(t, d.Config)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	go func() { // a source may have something to send
		for range h.frames {
		}
	}()
	for range 2 {
		if err := h.stop(t.Context()); err != nil {
			t.Errorf("stop: %v", err)
		}
	}
	if _, err := h.server.Metrics(t.Context(), &leatv1.MetricsRequest{}); err != nil {
		t.Errorf("metrics after Stop: %v", err)
	}
	h.Kill()
}

func (d *Driver) idle(t *testing.T) {
	s := d.New().Server()
	if r, err := s.Stop(t.Context(), &leatv1.StopRequest{}); err != nil || r.GetFailure() != nil {
		t.Errorf("stop: %v %v", r.GetFailure(), err)
	}
	if r, err := s.Health(t.Context(), &leatv1.HealthRequest{}); err != nil || r.GetDetail() != "" {
		t.Errorf("health: %q %v", r.GetDetail(), err)
	}
	if _, err := s.Metrics(t.Context(), &leatv1.MetricsRequest{}); err != nil {
		t.Errorf("metrics: %v", err)
	}
}
