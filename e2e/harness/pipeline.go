package harness

import (
	"fmt"
	"testing"
)

// Pipeline returns a pipeline file that captures one database of the lab into
// Kafka, with topics behind prefix. Checkpoints are in a folder of the test.
func (l *Lab) Pipeline(t testing.TB, prefix, database string) string {
	t.Helper()
	return WriteFile(t, l.PipelineText(t.TempDir(), prefix, database, l.Kafka.Bootstrap, "cdc"))
}

// PipelineText is the text of such a file, with a broker and a password of choice.
// A failure that a person has to mend ends leat.
func (l *Lab) PipelineText(checkpoints, prefix, database, brokers, password string) string {
	return fmt.Sprintf(`
pipeline: %[1]s
source:
  plugin: mysql-source
  config:
    host: %[2]s
    port: %[3]d
    user: cdc
    password: %[8]s
    tls: {mode: disabled}
    include: {databases: [%[4]s]}
transform:
  plugin: avro-transform
  config:
    topic_prefix: %[1]s
    registry: {urls: [%[5]q]}
sinks:
  kafka:
    plugin: kafka-sink
    config: {brokers: [%[6]q]}
checkpoint: {dir: %[7]q}
restart: {retry_failed: 0s}
`, prefix, l.MySQL.Host, l.MySQL.Port, database, l.Registry.URL, brokers, checkpoints, password)
}
