package pipeline

import (
	"time"

	"github.com/leat-io/leat/sdk/config"
)

//go:generate go test -run ^TestDocumentedKeys$ . -update

// MaxSinks is how many sinks a pipeline may have: a batch names its sinks in
// the bits of one word.
const MaxSinks = 63

// Config is a pipeline file as a user writes it.
type Config struct {
	Pipeline    string                 `koanf:"pipeline" required:"true" doc:"Name of the pipeline: lower-case letters, digits and dashes, at most 63. Checkpoints, metrics and logs carry it."`
	Source      StageConfig            `koanf:"source" required:"true" doc:"Plugin that the records come from."`
	Transform   *StageConfig           `koanf:"transform" doc:"Plugin that the records pass through. Without it the sinks take what the source sends."`
	Sinks       map[string]StageConfig `koanf:"sinks" required:"true" doc:"Plugins that the records go to, by name, at most 63. Each has its own checkpoint, under its name."`
	Buffer      config.Size            `koanf:"buffer" doc:"Most bytes of records that the host keeps until every sink has stored them. A sink that takes long to answer, such as BigQuery far away, is faster with more."`
	Checkpoint  CheckpointConfig       `koanf:"checkpoint" doc:"Where the pipeline resumes after a stop."`
	Restart     RestartConfig          `koanf:"restart" doc:"How often a plugin that fails is started again, and the pipeline."`
	StopTimeout time.Duration          `koanf:"stop_timeout" doc:"Longest time from the signal to stop until the pipeline has ended: its source stops, what is in flight is delivered, and the last quarter, at most 5 s, is for the plugins to let go and for the last checkpoint. What was not delivered by then is sent again at the next start."`
}

// StageConfig names a plugin and configures it.
type StageConfig struct {
	Plugin string         `koanf:"plugin" required:"true" doc:"Name of the plugin, as leat plugin list shows it."`
	SHA256 string         `koanf:"sha256" doc:"Checksum of the plugin's binary in hex. Another binary is not started."`
	Env    []string       `koanf:"env" doc:"Variables of leat's environment that the plugin gets, of those that it honours, as leat plugin describe shows them."`
	Config map[string]any `koanf:"config" doc:"The plugin's own keys, as leat plugin describe shows them."`
}

// CheckpointConfig says where and how often checkpoints are stored.
type CheckpointConfig struct {
	Dir      string        `koanf:"dir" doc:"Folder of the checkpoint files. A relative path begins at the folder of the pipeline file."`
	Interval time.Duration `koanf:"interval" doc:"How often checkpoints are stored."`
}

// RestartConfig says how often plugins, and pipelines, are started again.
type RestartConfig struct {
	Max            int           `koanf:"max" doc:"Restarts of one plugin within the window after it crashed, hung or failed for a reason it does not know, without having got on in between; one more fails the pipeline. An outage of another system does not count: it is waited for without end, at most 4 s at a time."`
	Window         time.Duration `koanf:"window" doc:"Time over which restarts are counted."`
	InitialBackoff time.Duration `koanf:"initial_backoff" doc:"Pause before the first restart. It doubles with each further one."`
	MaxBackoff     time.Duration `koanf:"max_backoff" doc:"Longest pause before such a restart."`
	RetryFailed    time.Duration `koanf:"retry_failed" doc:"After this time a pipeline that has failed is run anew, as a person may have mended what the message names. 0s: never, as for one that another process runs now; leat ends once no pipeline is left to run."`
}

// DefaultConfig returns what counts where a file says nothing.
func DefaultConfig() Config {
	return Config{
		Buffer:      16 * config.MiB,
		Checkpoint:  CheckpointConfig{Dir: "checkpoints", Interval: time.Second},
		Restart:     RestartConfig{Max: 10, Window: 10 * time.Minute, InitialBackoff: 100 * time.Millisecond, MaxBackoff: 30 * time.Second, RetryFailed: 5 * time.Minute},
		StopTimeout: 20 * time.Second,
	}
}
