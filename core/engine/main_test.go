package engine_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/sdk/handshake"
)

// hostEnv has the test binary run as a host; its value is a definition as JSON.
const hostEnv = "LEAT_ENGINE_TEST_HOST"

// TestMain makes of the test binary what it was started as: a plugin by the
// name of its symbolic link, a host, or the tests.
func TestMain(m *testing.M) {
	if os.Getenv(handshake.Config.MagicCookieKey) != "" {
		servePlugin(filepath.Base(os.Args[0]))
		return
	}
	if def := os.Getenv(hostEnv); def != "" {
		runHost(def)
		return
	}
	goleak.VerifyTestMain(m)
}

func runHost(raw string) {
	var h hostArgs
	if err := json.Unmarshal([]byte(raw), &h); err != nil {
		panic(err)
	}
	settings := engine.Settings{PluginDirs: []string{h.Plugins}, Logger: slog.New(slog.DiscardHandler)}
	if err := engine.Run(context.Background(), []*pipeline.Definition{&h.Definition}, settings); err != nil {
		panic(err)
	}
}

type hostArgs struct {
	Definition pipeline.Definition
	Plugins    string
}
