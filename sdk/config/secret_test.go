package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/leat-io/leat/sdk/config"
)

func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	type holder struct{ Password config.Secret }
	h := holder{"31337"}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("open", "password", h.Password, "all", h)
	inJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	inYAML, err := yaml.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{
		fmt.Sprint(h), fmt.Sprintf("%v %+v %#v %s %q", h, h, h, h.Password, h.Password),
		string(inJSON), string(inYAML), log.String(),
	}
	for _, s := range shown {
		if strings.Contains(s, "31337") || !strings.Contains(s, "***") {
			t.Errorf("shown as %s", s)
		}
	}
}

func TestSecretIsRevealedWhenAsked(t *testing.T) {
	t.Parallel()
	if got := config.Secret("pw").Reveal(); got != "pw" {
		t.Errorf("got %q", got)
	}
	if got := config.Secret("").String(); got != "" {
		t.Errorf("an empty secret is shown as %q", got)
	}
}
