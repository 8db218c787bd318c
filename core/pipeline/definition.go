package pipeline

import (
	"time"

	"github.com/leat-io/leat/sdk/config"
)

// Names of the stages that have no name in the file.
const (
	SourceName    = "source"
	TransformName = "transform"
)

// Definition is a pipeline as a file describes it, defaults filled in and
// references expanded.
type Definition struct {
	Name   string
	Source Stage
	// Transform is nil if the sinks take what the source sends.
	Transform *Stage
	// Sinks in the order of the file, 1 to MaxSinks.
	Sinks []NamedStage
	// Buffer is how many bytes of batches may be in flight.
	Buffer      config.Size
	Checkpoint  Checkpoint
	Restart     Restart
	StopTimeout time.Duration
}

// Stage is one plugin of a pipeline.
type Stage struct {
	// Plugin is the name of the binary.
	Plugin string
	// SHA256 of the binary in hex, empty if any will do.
	SHA256 string
	// Env has the names of the variables that the plugin gets.
	Env []string
	// Config is the plugin's configuration as a JSON object. It may hold secrets.
	Config []byte
	// Files has, by the path of a key in Config, the absolute path of the file that
	// the whole of its value comes from.
	Files map[string]string
	// Path is the key of the stage in the file: "source", "sinks.kafka".
	Path string
}

// NamedStage is a stage with its name within the pipeline.
type NamedStage struct {
	Name string
	Stage
}

// Checkpoint says where and how often a pipeline's checkpoints are stored.
type Checkpoint struct {
	// Dir is an absolute path, or one relative to the folder leat runs in if the
	// pipeline file was named so.
	Dir      string
	Interval time.Duration
}

// Restart says how often each plugin, and the pipeline, is started again.
type Restart struct {
	// Max restarts within Window without progress; one more fails the pipeline.
	Max    int
	Window time.Duration
	// InitialBackoff before the first restart, doubled for each further one up to
	// MaxBackoff.
	InitialBackoff, MaxBackoff time.Duration
	// RetryFailed is when a pipeline that has failed is run anew; 0: never.
	RetryFailed time.Duration
}

// Stages returns source, transform if there is one, and sinks, in this order.
func (d *Definition) Stages() []NamedStage {
	stages := []NamedStage{{SourceName, d.Source}}
	if d.Transform != nil {
		stages = append(stages, NamedStage{TransformName, *d.Transform})
	}
	return append(stages, d.Sinks...)
}
