package sdk

import (
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
)

// Info says what a plugin is.
type Info struct {
	// Name of the plugin, the same as that of its binary.
	Name string
	// Version of the plugin.
	Version string
	// Summary is one sentence for a list of plugins.
	Summary string
	// Accepts says which kinds of record a transform or sink takes, and Emits which
	// a source or transform sends. The host refuses a pipeline whose neighbours do
	// not fit; it does not check those of a plugin that says nothing.
	Accepts, Emits []RecordKind
	// Environment has the names of variables that the plugin honours beside those
	// that every plugin gets. It has those of them that the pipeline file lists.
	Environment []string
}

// ProxyEnvironment returns the variables by which net/http's ProxyFromEnvironment
// finds a proxy, for the Info of a plugin that uses it.
func ProxyEnvironment() []string {
	return []string{"HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"}
}

// Env is what the host gives to an instance of a plugin.
type Env struct {
	// Pipeline is the pipeline's name, and Name the plugin's within it: "source",
	// "transform", or the name of the sink.
	Pipeline, Name string
	// Logger writes into the host's log, pipeline and plugin named.
	Logger *slog.Logger
	// Metrics are served by the host with the labels pipeline and plugin added. It
	// refuses metrics with those labels, and names that are the host's: such as
	// begin with go_, process_ or leat_. A plugin kafka-sink may use leat_kafka_.
	Metrics prometheus.Registerer
	// Expected is what the plugin before expects to send. It is set for Validate
	// alone, and empty where nobody knows.
	Expected []Stream
}
