// Package servers starts real servers for the end-to-end tests, the benchmark and the demo:
// MySQL, Kafka, a schema registry and HAProxy, each on 127.0.0.1, on a port and in a folder of its own,
// so that tests run beside each other.
//
// How a server is fetched, configured and run is said in the scripts of e2e/services; this
// package runs them, waits until the server answers, and sees to it that the server dies with
// the process that started it, however that ends. It does not know leat.
//
// Start reading at MySQL, Kafka and Registry; Process is what they have in common.
package servers

import "io"

// Options says how a server is started. The zero value is what most tests want.
type Options struct {
	// Dir holds the server's data and log, and is kept. Empty: a temporary folder, removed by Close.
	Dir string
	// Port to listen on; Kafka takes the next one too. Zero: a free one.
	Port int
	// Flags are appended to the configuration: flags of mysqld, lines of Kafka's server.properties.
	Flags []string
	// Env is added to the environment of the script, which says what it heeds.
	Env []string
	// Progress is told what is fetched when the cache is cold. Nil: nobody.
	Progress io.Writer
}
