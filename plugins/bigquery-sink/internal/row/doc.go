// Package row turns messages into rows of BigQuery's Storage Write API: Avro
// bytes to protocol buffer bytes, in one walk and without a value in between.
//
// A Plan is compiled once for a pair of schemas and the table's columns. It
// knows nothing of streams, batches or retries. Start reading at Compile and
// Plan.Append.
package row
