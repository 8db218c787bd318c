// Package naming gives topics, Avro names and registry subjects to tables, with
// the rules that Debezium and Confluent's serializers have.
//
// It knows nothing of schemas or of the registry. Start reading at Names.
package naming
