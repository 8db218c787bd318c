// Package registry registers schemas over Confluent's REST API, as Confluent's
// own registry and Apicurio's compatible one serve it.
//
// It waits for a registry that is down for as long as it takes, and gives up at
// once on what only a person can mend. Start reading at Client.Ensure.
package registry
