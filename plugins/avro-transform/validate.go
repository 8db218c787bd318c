package main

import (
	"context"
	"errors"
	"slices"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registry"
	"github.com/leat-io/leat/sdk"
)

// Validate asks the registry whether it is there, lets us in, takes schemas and
// watches over their compatibility.
func (t *Transform) Validate(ctx context.Context) []sdk.Finding {
	defer t.registry.Close()
	if err := t.registry.Ping(ctx); err != nil {
		f := sdk.Finding{
			Severity: sdk.Error, Check: "registry", Path: "registry.urls", Message: err.Error(),
			Cure: "check that the registry runs, and that the URLs are those of its Confluent API (Apicurio serves it under /apis/ccompat/v7)",
		}
		if errors.Is(err, registry.ErrDenied) {
			f.Path, f.Cure = "registry.user", "check registry.user and registry.password, registry.token, registry.oidc, and registry.tls"
		}
		return []sdk.Finding{f}
	}
	return []sdk.Finding{
		{Severity: sdk.OK, Check: "registry", Message: "the registry answers and lets us in"},
		t.validateMode(ctx),
		t.validateLevel(ctx),
	}
}

var _ sdk.Forecaster = (*Transform)(nil)

// Forecast names the topics of tables.
func (t *Transform) Forecast(_ context.Context, in []sdk.Stream) ([]sdk.Stream, error) {
	out := slices.Clone(in)
	for i := range out {
		out[i].Topic = t.tables.rules.Of(out[i].Database, out[i].Table).Topic
	}
	return out, nil
}

func (t *Transform) validateMode(ctx context.Context) sdk.Finding {
	f := sdk.Finding{Check: "registry_mode", Path: "registry.auto_register"}
	mode, ok, err := t.registry.Mode(ctx)
	switch {
	case err != nil:
		f.Severity, f.Message, f.Cure = sdk.Warning, err.Error(), "let the account read /mode, or make sure by hand that schemas can be registered"
	case !t.register:
		f.Severity, f.Message = sdk.OK, "schemas are only looked up"
	case !ok:
		f.Severity, f.Message = sdk.OK, "the registry has no modes"
	case mode == "READWRITE":
		f.Severity, f.Message = sdk.OK, "the registry takes schemas (mode READWRITE)"
	default:
		f.Severity, f.Message, f.Cure = sdk.Error, "the registry is in mode "+mode+" and takes no new schemas", "set its mode to READWRITE, or register all schemas and set registry.auto_register: false"
	}
	return f
}

func (t *Transform) validateLevel(ctx context.Context) sdk.Finding {
	f := sdk.Finding{Check: "registry_compatibility"}
	level, err := t.registry.Level(ctx)
	switch {
	case err != nil:
		f.Severity, f.Message, f.Cure = sdk.Warning, err.Error(), "let the account read /config, or make sure by hand that new schemas are checked"
	case level == "NONE":
		f.Severity, f.Message, f.Cure = sdk.Warning, "the registry's compatibility level is NONE: a change of a table can break readers", "set it to BACKWARD (PUT /config)"
	default:
		f.Severity, f.Message = sdk.OK, "the registry's compatibility level is "+level
	}
	return f
}
