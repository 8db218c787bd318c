// Package rest serves the REST v2 API of the BigQuery stand-in over HTTP.
//
// It has the methods of datasets, tables, tabledata.list and jobs.query that a writer and a curious reader need, with
// the service's status codes and error bodies. Any other method answers 501 and its name.
//
// Start with Handler.
package rest
