package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/name"
	"github.com/leat-io/leat/sdk/config"
)

func TestConfig(t *testing.T) {
	t.Parallel()
	const base = `"project": "p", "dataset": "d"`
	tests := map[string]struct {
		in   string
		want []string
	}{
		"OK": {in: `{` + base + `}`},
		"OK with all": {in: `{"project": "p", "dataset": "{database}", "table": "{table}", "location": "EU", "create_dataset": true, "mode": "append",
			"max_staleness": "15m", "partition": "day", "labels": {"a": "b"}, "truncate": "ignore", "on_row_error": "skip",
			"rules": [{"match": "a\\..*", "dataset": "x", "table": "{topic}", "mode": "upsert"}],
			"max_request_bytes": "8MiB", "in_flight": "32MiB", "connections": 2, "request_timeout": "10s", "schema_timeout": "2m",
			"credentials_file": "/k.json", "endpoint": {"rest": "https://bigquery-x.p.googleapis.com", "grpc": "bigquerystorage-x.p.googleapis.com:443"}}`},
		"neither project nor dataset": {
			in: `{}`,
			want: []string{
				"project: is required (set it: Id of the Google Cloud project that has the datasets)",
				"dataset: is required (set it: Dataset of the tables)",
			},
		},
		"variables that are not known": {
			in: `{"project": "p", "dataset": "{db}", "table": ""}`,
			want: []string{
				`dataset: "{db}" has a variable that is not one of {topic}, {database}, {table} (write a name, with {topic}, {database} or {table} in it if it differs by topic)`,
				`table: is empty (write a name, with {topic}, {database} or {table} in it if it differs by topic)`,
			},
		},
		"a mode that is not known": {
			in:   `{` + base + `, "mode": "merge"}`,
			want: []string{`mode: is "merge", which is not one of its values (use one of upsert, append)`},
		},
		"limits that are none": {
			in: `{` + base + `, "max_request_bytes": "20MB", "in_flight": "1kB", "connections": 0, "max_staleness": "48h", "schema_timeout": "0s"}`,
			want: []string{
				"max_request_bytes: is 20MB, not between 256KiB and 20MB (use 9MiB, for example)",
				"in_flight: is 1kB, less than a batch (use 64MiB, for example)",
				"connections: is 0 (use 4, for example)",
				"max_staleness: is 48h0m0s (use 0s to 24h)",
				"schema_timeout: is 0s, which is no time at all (use 1m, for example)",
			},
		},
		"credentials twice": {
			in:   `{` + base + `, "credentials_file": "/k", "credentials_json": "{}"}`,
			want: []string{"credentials_json: is given together with credentials_file (remove it or credentials_file)"},
		},
		"an endpoint without encryption at Google": {
			in: `{` + base + `, "credentials_file": "/k", "endpoint": {"insecure": true, "rest": "localhost:9050"}}`,
			want: []string{
				"endpoint.insecure: is true, but there are credentials, which would not be used (remove it, or the credentials)",
				"endpoint: is insecure, which Google's public addresses are not (set rest and grpc)",
				`endpoint.rest: "localhost:9050" is not a URL (write a URL that begins with https://)`,
			},
		},
		"a key in the place of its path": {
			in:   `{` + base + `, "credentials_file": "{\"private_key\": \"S3CRET\"}"}`,
			want: []string{"credentials_file: is not a path but a text, which may be secret and is not shown (write the path itself, or the text under credentials_json)"},
		},
		"a token that others can read": {
			in:   `{` + base + `, "endpoint": {"rest": "http://bigquery.example.com"}}`,
			want: []string{"endpoint.rest: has no TLS: whoever is on the network could read the token (write https://)"},
		},
		"a token that stays on this machine": {in: `{` + base + `, "endpoint": {"rest": "http://[::1]:9050"}}`},
		"a bad rule": {
			in: `{` + base + `, "rules": [{"match": "(", "table": "{x}", "mode": "merge"}]}`,
			want: []string{
				"rules[0].match: \"(\" is not a regular expression: error parsing regexp: missing closing ): `^(?:()$` (write a regular expression of Go's syntax)",
				`rules[0].table: "{x}" has a variable that is not one of {topic}, {database}, {table} (use {topic}, {database} or {table})`,
				`rules[0].mode: is "merge" (use upsert or append)`,
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := DefaultConfig()
			var got []string
			for _, p := range config.Decode(json.RawMessage(tt.in), &c) {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConfigDescribesItself(t *testing.T) {
	t.Parallel()
	fields, err := config.Describe(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	var secret []string
	for _, f := range fields {
		if f.Secret {
			secret = append(secret, f.Key)
		}
	}
	if diff := cmp.Diff([]string{"credentials_json"}, secret); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
}

func TestPlaceOf(t *testing.T) {
	t.Parallel()
	c := DefaultConfig()
	c.Dataset = "shop"
	c.Rules = []Rule{
		{Match: `shop\.shop\.audit_.*`, Mode: modeAppend},
		{Match: `shop\.other\..*`, Dataset: "{database}_raw", Table: "{table}"},
		{Match: `.*`, Table: "{topic}"},
	}
	tests := map[string]struct {
		from name.Source
		want place
	}{
		"the first rule counts":   {name.Source{Topic: "shop.shop.audit_log", Database: "shop", Table: "audit_log"}, place{"shop", "shop_audit_log", false}},
		"a dataset by a rule":     {name.Source{Topic: "shop.other.a-b", Database: "other", Table: "a-b"}, place{"other_raw", "a_b", true}},
		"a match is of the whole": {name.Source{Topic: "x.shop.other.t"}, place{"shop", "x_shop_other_t", true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.placeOf(tt.from)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestReadmeNamesTheVariables(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range info().Environment {
		if name == strings.ToUpper(name) && !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("does not name %s", name)
		}
	}
}
