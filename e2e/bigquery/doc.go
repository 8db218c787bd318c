// Package bigquery is a stand-in for BigQuery: its REST v2 API and its Storage Write API on loopback, in process, for
// the tests and the demo of the BigQuery sink.
//
// It is faithful where a writer's correctness depends on it: offsets, stream kinds, atomic requests and row errors,
// change data capture with sequence numbers and tombstones, tables and schema changes that writers see late, and the failures
// that the service shows, acknowledgements lost after the rows were taken among them. It is no query engine, has no
// authentication, keeps everything in memory, and refuses what it does not model instead of accepting it.
//
// Point Google's clients at it with option.WithEndpoint, option.WithoutAuthentication and, for gRPC, insecure transport
// credentials; Server.RESTOptions and Server.WriteOptions say it in code.
//
// Start with Start, then Server.Table to read what was written and Server.Faults to make things go wrong.
package bigquery
