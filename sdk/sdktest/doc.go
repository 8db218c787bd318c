// Package sdktest tests plugins in the process of their tests: it stands where
// the host stands, over the real control plane and a real data socket.
//
// The suites Source, Transform and Sink are called once by the tests of each
// plugin, with a driver that knows the plugin's system; they ask of it what the
// host relies on: positions that resume exactly behind a record, order, one
// answer to each batch, acknowledgements of what is durable only, nothing lost
// in a crash or at a stop, errors of the right kind, no goroutine left.
//
// For an author's own tests there are the tools below the suites: Batch makes
// what Sink.Write and Transform.Transform take, RunSource, RunTransform and
// RunSink run a plugin and show what it sent.
//
// What it cannot show is the end of a process: a killed plugin is one whose
// socket closes and whose Close gets a context that has ended. The host's own
// tests kill processes.
//
// Start reading at Driver.
package sdktest
