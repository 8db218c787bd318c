package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/config"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	cfg := defaults()
	cfg.Password = config.NewSecret("hidden")
	fields, err := config.Describe(&cfg)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, len(fields))
	for i, f := range fields {
		got[i] = strings.TrimSpace(f.Key + " " + f.Type + " " + string(f.Default))
		if f.Required {
			got[i] += " required"
		}
		if f.Secret {
			got[i] += " secret"
		}
	}
	want := []string{
		`name string required`, `mode string "fast"`, `debug bool false`, `port int 80`, `retries int 0`,
		`ratio float 0.5`, `wait duration "10m"`, `limit size "64MiB"`, `password string "***" secret`,
		`address string "127.0.0.1"`, `tables list ["a","b"]`, `formats list`, `labels map {"x":"y"}`, `free map`,
		`tls map`, `tls.ca_file string "/etc/ca"`, `tls.enable bool false`,
		`auth map`, `auth.user string required`, `auth.password string secret`,
		`rules list`, `rules[].match string required`, `topics map`, `topics.*.partitions int`,
		`optional int`, `keys map secret`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

type loop struct {
	Next *loop `koanf:"next" doc:"Itself."`
}

func TestDescribeRefusesWhatAnAuthorForgot(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		cfg  any
		want string
	}{
		"nil":          {nil, "want a struct"},
		"not a struct": {7, "want a struct"},
		"no doc": {struct {
			A string `koanf:"a"`
		}{}, "field A has no doc tag"},
		"no key": {struct {
			A string `doc:"A."`
		}{}, "field A has no koanf tag"},
		"key with a dot": {struct {
			A string `koanf:"a.b" doc:"A."`
		}{}, "field A has a koanf tag with a dot"},
		"embedded": {struct{ tls2 }{}, ""},
		"embedded and exported": {struct {
			Embedded `koanf:"e" doc:"E."`
		}{}, "field Embedded is embedded"},
		"required with default": {struct {
			A string `koanf:"a" doc:"A." required:"true"`
		}{"x"}, "a: is required and has a default"},
		"impossible type": {struct {
			A chan int `koanf:"a" doc:"A."`
		}{}, "a: type chan int cannot be configured"},
		"list of lists": {struct {
			A [][]string `koanf:"a" doc:"A."`
		}{}, "a: type [][]string cannot be configured"},
		"contains itself": {loop{}, "structs nest too deep"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Describe(tt.cfg)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// Embedded is embedded where that is refused.
type Embedded struct{}

type tls2 struct{}
