package config_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/config"
)

// filed has values of every kind that may come from a file.
type filed struct {
	User     config.Text              `koanf:"user" required:"true" doc:"User."`
	Password config.Secret            `koanf:"password" required:"true" doc:"Password."`
	Port     int                      `koanf:"port" doc:"Port."`
	Mode     string                   `koanf:"mode" options:"fast,slow" doc:"Mode."`
	Brokers  []string                 `koanf:"brokers" doc:"Brokers."`
	Labels   map[string]string        `koanf:"labels" doc:"Labels."`
	Keys     map[string]config.Secret `koanf:"keys" doc:"Keys."`
	TLS      *filedTLS                `koanf:"tls" doc:"TLS."`
}

type filedTLS struct {
	Key config.Secret `koanf:"key" doc:"Key."`
}

func TestValuesOfFilesAreReadAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := map[string]string{}
	for key, text := range map[string]string{
		"user": "bert\n", "password": "new\n", "port": "2\n", "mode": "slow", "brokers[1]": "b2:9092\n",
		"labels.a.b": "fresh", "keys.k": "key", "tls.key": "pem\n",
	} {
		files[key] = filepath.Join(dir, key)
		write(t, files[key], text)
	}
	var got filed
	problems := config.DecodeFiles([]byte(`{"user":"anna","password":"old","port":"1","mode":"fast","brokers":["a:1","b:1"],
		"labels":{"a.b":"stale"},"keys":{"k":"stale"},"tls":{"key":"stale"}}`), files, &got)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := filed{
		User: config.TextFile("user", files["user"]), Password: config.SecretFile("password", files["password"]),
		Port: 2, Mode: "slow", Brokers: []string{"a:1", "b2:9092"}, Labels: map[string]string{"a.b": "fresh"},
		Keys: map[string]config.Secret{"k": config.SecretFile("keys.k", files["keys.k"])},
		TLS:  &filedTLS{config.SecretFile("tls.key", files["tls.key"])},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	write(t, files["password"], "newest\n")
	text, err := got.Password.Reveal()
	check(t, text, err, "newest", "")
}

func TestFilesThatHaveNoValueAreReported(t *testing.T) {
	t.Parallel()
	const give = `{"user":"anna","password":"31337","mode":"fast"}`
	tests := map[string]struct {
		key, text, want string
		passing         bool
	}{
		"missing":         {"password", "", "cannot be read: no such file", true},
		"empty":           {"password", "\n", "is empty", true},
		"too large":       {"user", strings.Repeat("31337", config.MaxFile/5+1), "is larger than 1 MiB", true},
		"not of the kind": {"mode", "31337x", `which is not one of its values`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "value")
			if tt.text != "" {
				write(t, file, tt.text)
			}
			var cfg filed
			problems := config.DecodeFiles([]byte(give), map[string]string{tt.key: file}, &cfg)
			if len(problems) != 1 || problems[0].Path != tt.key || problems[0].Passing != tt.passing || !strings.Contains(problems[0].Message, tt.want) {
				t.Errorf("got %v, want %q", problems, tt.want)
			}
			raw, err := json.Marshal(problems)
			if err != nil || tt.key == "password" && strings.Contains(string(raw), "31337") {
				t.Errorf("shows the secret: %s, %v", raw, err)
			}
		})
	}
}
