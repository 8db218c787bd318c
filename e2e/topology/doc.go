// Package topology runs leat in the surroundings for which it was built: services with a MySQL
// server each, a pair of capture servers that replicate all of them by named channels, HAProxy in
// front of the pair, and a pipeline a service, to a real Kafka and to the stand-in of BigQuery.
//
// Under load it does to them what happens in operation, by the definitions in pipelines/topology
// and by the steps of docs/operations.md: servers that die, lag, move and are added, and schemas
// that are refused. A ledger of every committed change then judges what came.
//
// Start reading at TestTopology. It needs the build tag e2e; make topology gives it more time.
package topology
