package main

import (
	"fmt"
	"strings"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/client"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/lane"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/name"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/table"
	"github.com/leat-io/leat/sdk"
)

func (c *Config) clientSettings() client.Settings {
	return client.Settings{
		Project: c.Project, File: c.CredentialsFile, JSON: c.CredentialsJSON,
		REST: c.Endpoint.REST, GRPC: c.Endpoint.GRPC, Insecure: c.Endpoint.Insecure, Connections: c.Connections,
	}
}

func (s *sink) storeSettings() table.Settings {
	c := &s.config
	return table.Settings{
		Project: c.Project, Location: c.Location, CreateDataset: c.CreateDataset, Labels: c.Labels,
		RequestTimeout: c.RequestTimeout, SchemaTimeout: c.SchemaTimeout, Logger: s.env.Logger, Metrics: s.metrics, Waits: s.waits,
	}
}

// anew is after how many times request_timeout of refusals the connections are made
// anew, by starting the sink anew.
const anew = 5

func (s *sink) laneSettings() *lane.Settings {
	c := &s.config
	return &lane.Settings{
		MaxRequest: int(c.MaxRequestBytes), RequestTimeout: c.RequestTimeout, AnewTimeout: anew * c.RequestTimeout, SchemaTimeout: c.SchemaTimeout,
		SkipRows: c.OnRowError == skipRows, IgnoreTruncate: c.Truncate == ignore, EmptyTruncated: c.Truncate == auto,
		Logger: s.env.Logger, Metrics: s.metrics, Waits: s.waits, Fail: s.fail,
	}
}

// place is where the rows of a table go.
type place struct {
	dataset, table string
	upsert         bool
}

func (p place) String() string { return p.dataset + "." + p.table }

// placeOf applies the rules to a table.
func (c *Config) placeOf(from name.Source) (place, error) {
	dataset, tableName, mode := c.Dataset, c.Table, c.Mode
	for _, r := range c.Rules {
		match, err := pattern(r.Match)
		if err != nil {
			return place{}, sdk.Permanent(fmt.Errorf("read rules: %w", err))
		}
		if match.MatchString(from.Topic) {
			dataset, tableName, mode = or(r.Dataset, dataset), or(r.Table, tableName), or(r.Mode, mode)
			break
		}
	}
	p := place{upsert: mode == modeUpsert}
	var err error
	if p.dataset, err = name.Template(dataset).Of(from); err != nil {
		return p, sdk.Permanent(fmt.Errorf("name dataset: %w", err))
	}
	if p.table, err = name.Template(tableName).Of(from); err != nil {
		return p, sdk.Permanent(fmt.Errorf("name table: %w", err))
	}
	return p, nil
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

func (c *Config) unsigned() bigquery.FieldType {
	if c.UnsignedBigint == int64Type {
		return bigquery.IntegerFieldType
	}
	return bigquery.NumericFieldType
}

func (c *Config) partition() bigquery.TimePartitioningType {
	if c.Partition == none {
		return ""
	}
	return bigquery.TimePartitioningType(strings.ToUpper(c.Partition))
}
