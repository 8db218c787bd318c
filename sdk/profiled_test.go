package sdk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/leat-io/leat/sdk/profile"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func TestProfiledOnlyOnDemand(t *testing.T) {
	t.Setenv(profile.Env, "")
	if got := profiled(); got != nil {
		t.Errorf("%d options without %s", len(got), profile.Env)
	}
	t.Setenv(profile.Env, t.TempDir())
	if got := profiled(); len(got) != 1 {
		t.Errorf("%d options with %s, want 1", len(got), profile.Env)
	}
}

func TestProfilerLivesFromOpenToStop(t *testing.T) {
	dir := t.TempDir()
	p := &profiler{dir: dir, stop: func() error { return nil }}
	call := func(req any, err error) error {
		_, got := p.intercept(t.Context(), req, nil, func(context.Context, any) (any, error) { return nil, err })
		return got
	}
	cause := errors.New("cause")
	if err := call(&leatv1.HealthRequest{}, cause); !errors.Is(err, cause) {
		t.Errorf("Health: %v", err)
	}
	if files, _ := filepath.Glob(dir + "/*"); files != nil {
		t.Errorf("%v exist before Open", files)
	}
	if err := call(&leatv1.OpenRequest{Pipeline: "shop", Name: "kafka"}, nil); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the host may stop a plugin twice
		if err := call(&leatv1.StopRequest{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"shop.kafka.cpu.pprof", "shop.kafka.allocs.pprof"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, want a file that is not empty", name, err)
		}
	}
}

func TestProfilerFolderThatCannotBe(t *testing.T) {
	p := &profiler{dir: filepath.Join(os.DevNull, "dir"), stop: func() error { return nil }}
	_, err := p.intercept(t.Context(), &leatv1.OpenRequest{}, nil, func(context.Context, any) (any, error) { return nil, nil })
	if err == nil {
		t.Error("Open went on without a profile")
	}
}
