package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// realPlugin is the name under which this test binary is a plugin.
const realPlugin = "real-sink"

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == realPlugin {
		sdk.ServeSink(sdk.Info{Name: realPlugin, Version: "9.9.9", Summary: "Keeps nothing."}, defaultSinkConfig, newSink)
		return
	}
	goleak.VerifyTestMain(m)
}

type sinkConfig struct {
	Brokers  []string      `koanf:"brokers" required:"true" doc:"Servers."`
	Password config.Secret `koanf:"password" doc:"Password."`
	Retries  int           `koanf:"retries" doc:"Tries."`
}

func defaultSinkConfig() sinkConfig { return sinkConfig{Retries: 3} }

var errUnused = errors.New("is not opened in this test")

type sink struct{ cfg sinkConfig }

// newSink never returns for the broker "hang".
func newSink(cfg sinkConfig, _ sdk.Env) (*sink, error) {
	if slices.Contains(cfg.Brokers, "hang") {
		select {}
	}
	return &sink{cfg}, nil
}

// Validate finds the password wrong, and shows it as a careless plugin would.
func (s *sink) Validate(context.Context) []sdk.Finding {
	password, err := s.cfg.Password.Reveal()
	if err != nil {
		return []sdk.Finding{{Severity: sdk.Error, Check: "login", Path: "password", Message: err.Error()}}
	}
	return []sdk.Finding{
		{Severity: sdk.OK, Check: "brokers", Message: "all answer"},
		{Severity: sdk.Error, Check: "login", Path: "password", Message: "refused " + password, Cure: "set another"},
	}
}

func (s *sink) Open(context.Context) error { return sdk.Permanent(errUnused) }

func (s *sink) Write(_ context.Context, _ *sdk.Batch, done func(error)) { done(errUnused) }

func (s *sink) Close(context.Context) error { return nil }
