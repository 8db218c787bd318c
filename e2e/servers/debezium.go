package servers

import (
	"maps"
	"strconv"
)

// DebeziumConfig is the configuration of a Debezium MySQL connector that captures from the server
// into topics behind prefix, with extra on top of it. It takes what leat takes: the whole server
// unless extra says which databases, names adjusted to Avro's, no schema changes, no history that
// outlives it. Each connector needs a server id of its own.
func DebeziumConfig(mysql *MySQLServer, prefix string, serverID uint32, extra map[string]string) map[string]string {
	config := map[string]string{
		"connector.class":    "io.debezium.connector.mysql.MySqlConnector",
		"tasks.max":          "1",
		"database.hostname":  mysql.Host,
		"database.port":      strconv.Itoa(mysql.Port),
		"database.user":      mysql.CaptureUser,
		"database.password":  mysql.CapturePassword,
		"database.server.id": strconv.FormatUint(uint64(serverID), 10),
		"topic.prefix":       prefix,
		// A password of caching_sha2_password goes over a connection without TLS by the server's RSA key.
		"database.ssl.mode":              "preferred",
		"driver.allowPublicKeyRetrieval": "true",
		"schema.history.internal":        "io.debezium.relational.history.MemorySchemaHistory",
		"include.schema.changes":         "false",
		"snapshot.mode":                  "initial",
		"snapshot.locking.mode":          "minimal",
		"field.name.adjustment.mode":     "avro",
		"schema.name.adjustment.mode":    "avro",
	}
	maps.Copy(config, extra)
	return config
}
