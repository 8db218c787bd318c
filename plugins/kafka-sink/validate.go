package main

import (
	"context"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/inspect"
	"github.com/leat-io/leat/sdk"
)

var _ sdk.Validator = (*sink)(nil)

// Validate checks the configuration against the cluster.
func (s *sink) Validate(ctx context.Context) []sdk.Finding {
	findings, err := s.inspect(ctx)
	findings = append(s.config.scramWithoutTLS(), findings...)
	if err != nil {
		return append(findings, sdk.Finding{Severity: sdk.Error, Check: "configuration", Message: err.Error()})
	}
	return findings
}

func (s *sink) inspect(ctx context.Context) ([]sdk.Finding, error) {
	plan, err := s.config.plan()
	if err != nil {
		return nil, err
	}
	settings := s.config.clientSettings()
	c, err := client.New(settings)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	defer context.AfterFunc(ctx, c.Cut)()
	i := inspect.Inspector{
		Cluster: c, Brokers: s.config.Brokers,
		Plan: plan, BatchBytes: int64(s.config.BatchBytes), Pipeline: s.env.Pipeline,
		TransactionalID: s.config.transactionalID(s.env.Pipeline, s.env.Name), User: settings.SASL.Username.Shown(),
	}
	for _, stream := range s.env.Expected {
		if stream.Topic != "" {
			i.Topics = append(i.Topics, stream.Topic)
		}
	}
	return i.Run(ctx), nil
}
