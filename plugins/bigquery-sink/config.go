package main

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/name"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// Config is what a user writes under the sink's config.
type Config struct {
	Project       string `koanf:"project" required:"true" doc:"Id of the Google Cloud project that has the datasets."`
	Dataset       string `koanf:"dataset" required:"true" doc:"Dataset of the tables. {topic} stands for the topic's name, {database} and {table} for those of the source."`
	Table         string `koanf:"table" doc:"Name of the table, with the same variables. Characters other than letters, digits and _ become _."`
	Location      string `koanf:"location" doc:"Location in which datasets are created, such as EU. Empty for BigQuery's default."`
	CreateDataset bool   `koanf:"create_dataset" doc:"Create a dataset that does not exist. If false it stops the pipeline."`

	Mode         string            `koanf:"mode" options:"upsert,append" doc:"upsert keeps one row a key as it is in the source; append adds a row for each change. Tables without a key are always appended to."`
	MaxStaleness time.Duration     `koanf:"max_staleness" doc:"How old the rows of an upsert table may be in a query. 0s leaves a table's own; one without it has queries merge all pending changes first, which is slower and dearer."`
	Partition    string            `koanf:"partition" options:"none,hour,day,month,year" doc:"Partitions of append tables by the time of the change. Set on creation."`
	Labels       map[string]string `koanf:"labels" doc:"Labels of the datasets and tables that are created."`
	Rules        []Rule            `koanf:"rules" doc:"Exceptions for some topics. The first rule that matches counts."`

	UnsignedBigint string `koanf:"unsigned_bigint" options:"numeric,int64" doc:"Type of new columns for BIGINT UNSIGNED. int64 has half of its range: a larger value is a row that BigQuery does not take."`

	Truncate   string `koanf:"truncate" options:"auto,error,ignore" doc:"What to do when a table is truncated in the source. auto deletes the rows of an upsert table, and adds a row to a log; error stops; ignore goes on with the rows kept in BigQuery."`
	OnRowError string `koanf:"on_row_error" options:"stop,skip" doc:"What to do with a row that BigQuery does not take: stop, or leave it out, log it and count it."`

	MaxRequestBytes config.Size   `koanf:"max_request_bytes" doc:"Size at which a request is full. BigQuery takes less than 20 MB, and has taken 10 MB for long."`
	InFlight        config.Size   `koanf:"in_flight" doc:"How many bytes of batches may wait for BigQuery. Beyond it the sink holds the pipeline back."`
	Connections     int           `koanf:"connections" doc:"Most connections for rows in a location, which all tables share."`
	RequestTimeout  time.Duration `koanf:"request_timeout" doc:"How long one request may wait for an answer."`
	SchemaTimeout   time.Duration `koanf:"schema_timeout" doc:"How long a table may wait for BigQuery to make it, or a change of its columns, known to those who write, before the sink is started anew."`

	CredentialsFile string        `koanf:"credentials_file" doc:"Path of a service account's key, or other credentials in JSON. Empty for the credentials of the environment, as Google's tools find them."`
	CredentialsJSON config.Secret `koanf:"credentials_json" doc:"The same as the text itself."`
	Endpoint        Endpoint      `koanf:"endpoint" doc:"Addresses other than Google's public ones."`
}

// Rule is an exception for some topics. What is empty is as for all others.
type Rule struct {
	Match   string `koanf:"match" required:"true" doc:"Regular expression that matches the whole name of the topic."`
	Dataset string `koanf:"dataset" doc:"Dataset, in place of dataset."`
	Table   string `koanf:"table" doc:"Name of the table, in place of table."`
	Mode    string `koanf:"mode" doc:"upsert or append, in place of mode."`
}

// Endpoint says where BigQuery is.
type Endpoint struct {
	REST     string `koanf:"rest" doc:"URL of the REST API, such as that of a private endpoint."`
	GRPC     string `koanf:"grpc" doc:"host:port of the Storage Write API."`
	Insecure bool   `koanf:"insecure" doc:"Neither encrypt nor authenticate, for a stand-in in tests."`
}

const (
	modeUpsert = "upsert"
	modeAppend = "append"
	none       = "none"
	skipRows   = "skip"
	ignore     = "ignore"
	auto       = "auto"
	stop       = "stop"
	int64Type  = "int64"

	maxRequest = 20 * config.MB
	minRequest = 256 * config.KiB
)

// DefaultConfig returns the configuration that holds where the user says nothing.
func DefaultConfig() Config {
	return Config{
		Table:           "{database}_{table}",
		Mode:            modeUpsert,
		Partition:       none,
		UnsignedBigint:  "numeric",
		Truncate:        auto,
		OnRowError:      stop,
		MaxRequestBytes: 9 * config.MiB,
		InFlight:        64 * config.MiB,
		Connections:     4,
		RequestTimeout:  time.Minute,
		SchemaTimeout:   10 * time.Minute,
	}
}

// Validate reports all that is wrong.
func (c Config) Validate() error {
	return errors.Join(c.validateNames(), c.validateLimits(), c.validateCredentials(), c.validateRules())
}

func (c Config) validateNames() error {
	const cure = "write a name, with {topic}, {database} or {table} in it if it differs by topic"
	return errors.Join(
		config.At("dataset", cure, name.Template(c.Dataset).Validate()),
		config.At("table", cure, name.Template(c.Table).Validate()),
	)
}

func (c Config) validateLimits() error {
	var errs []error
	if c.MaxRequestBytes < minRequest || c.MaxRequestBytes >= maxRequest {
		errs = append(errs, config.At("max_request_bytes", "use 9MiB, for example",
			fmt.Errorf("is %v, not between %v and %v", c.MaxRequestBytes, minRequest, maxRequest)))
	}
	if c.InFlight < config.MiB {
		errs = append(errs, config.At("in_flight", "use 64MiB, for example", fmt.Errorf("is %v, less than a batch", c.InFlight)))
	}
	if c.Connections < 1 {
		errs = append(errs, config.At("connections", "use 4, for example", fmt.Errorf("is %d", c.Connections)))
	}
	if c.MaxStaleness < 0 || c.MaxStaleness > 24*time.Hour {
		errs = append(errs, config.At("max_staleness", "use 0s to 24h", fmt.Errorf("is %v", c.MaxStaleness)))
	}
	for _, t := range []struct {
		key   string
		value time.Duration
	}{{"request_timeout", c.RequestTimeout}, {"schema_timeout", c.SchemaTimeout}} {
		if t.value < time.Millisecond {
			errs = append(errs, config.At(t.key, "use 1m, for example", fmt.Errorf("is %v, which is no time at all", t.value)))
		}
	}
	return errors.Join(errs...)
}

func (c Config) validateCredentials() error {
	var errs []error
	if c.CredentialsFile != "" && !c.CredentialsJSON.IsZero() {
		errs = append(errs, config.At("credentials_json", "remove it or credentials_file", errors.New("is given together with credentials_file")))
	}
	if strings.ContainsAny(c.CredentialsFile, "{\n") {
		errs = append(errs, config.At("credentials_file", "write the path itself, or the text under credentials_json", errors.New("is not a path but a text, which may be secret and is not shown")))
	}
	if c.Endpoint.Insecure && (c.CredentialsFile != "" || !c.CredentialsJSON.IsZero()) {
		errs = append(errs, config.At("endpoint.insecure", "remove it, or the credentials", errors.New("is true, but there are credentials, which would not be used")))
	}
	if c.Endpoint.Insecure && (c.Endpoint.REST == "" || c.Endpoint.GRPC == "") {
		errs = append(errs, config.At("endpoint", "set rest and grpc", errors.New("is insecure, which Google's public addresses are not")))
	}
	if u := c.Endpoint.REST; u != "" && !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
		errs = append(errs, config.At("endpoint.rest", "write a URL that begins with https://", fmt.Errorf("%q is not a URL", u)))
	} else if readable(u) && !c.Endpoint.Insecure {
		errs = append(errs, config.At("endpoint.rest", "write https://", errors.New("has no TLS: whoever is on the network could read the token")))
	}
	return errors.Join(errs...)
}

// readable says whether others can read what is sent to a URL.
func readable(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.Scheme == "http" && !tlsconfig.Loopback(u.Hostname())
}

func (c Config) validateRules() error {
	var errs []error
	for i, r := range c.Rules {
		at := func(key, cure string, err error) {
			errs = append(errs, config.At(fmt.Sprintf("rules[%d].%s", i, key), cure, err))
		}
		if _, err := pattern(r.Match); err != nil {
			at("match", "write a regular expression of Go's syntax", fmt.Errorf("%q is not a regular expression: %w", r.Match, err))
		}
		for key, t := range map[string]string{"dataset": r.Dataset, "table": r.Table} {
			if t != "" {
				at(key, "use {topic}, {database} or {table}", name.Template(t).Validate())
			}
		}
		if r.Mode != "" && r.Mode != modeUpsert && r.Mode != modeAppend {
			at("mode", "use upsert or append", fmt.Errorf("is %q", r.Mode))
		}
	}
	return errors.Join(errs...)
}

// pattern compiles an expression that matches a whole name.
func pattern(match string) (*regexp.Regexp, error) { return regexp.Compile("^(?:" + match + ")$") }
