// Command bigquery-sink is the plugin that writes changes to BigQuery.
//
// It takes messages with the Debezium envelope in Avro, which avro-transform
// makes, and keeps each table of BigQuery as its table of the source is, or
// appends a log of changes. Start reading at config.go, then sink.go. What the
// sink is made of stands in internal: schema maps columns, row encodes, table
// creates and alters, lane appends, wait knows what tables wait for, and fault
// explains errors.
package main

import "github.com/leat-io/leat/sdk"

// version is set by the linker.
var version = "dev"

func main() { sdk.ServeSink(info(), DefaultConfig, New) }

func info() sdk.Info {
	return sdk.Info{
		Name:    "bigquery-sink",
		Version: version,
		Summary: "Keeps BigQuery tables as the source's tables are, or appends a log of their changes.",
		Accepts: []sdk.RecordKind{sdk.Messages},

		Environment: append(googleEnvironment(), sdk.ProxyEnvironment()...),
	}
}

// googleEnvironment has the variables by which Google's libraries find credentials
// and addresses. CLOUDSDK_CONFIG is none of them: gcloud's own credentials are
// looked for below HOME.
func googleEnvironment() []string {
	return []string{
		"GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_QUOTA_PROJECT", "GOOGLE_CLOUD_UNIVERSE_DOMAIN", "GCE_METADATA_HOST",
		"GOOGLE_API_USE_CLIENT_CERTIFICATE", "GOOGLE_API_USE_MTLS_ENDPOINT", "GOOGLE_API_CERTIFICATE_CONFIG",
		"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES",
		"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	}
}
