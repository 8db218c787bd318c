package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/partition"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk"
)

var errChange = errors.New("a change is not a message: give the pipeline a transform that makes messages, such as avro-transform")

// sink writes messages to Kafka.
type sink struct {
	config  Config
	env     sdk.Env
	metrics *produce.Metrics

	client   *client.Client
	producer *produce.Producer
	router   *router
}

var _ sdk.HealthChecker = (*sink)(nil)

// New makes a sink. It connects in Open.
func New(c Config, env sdk.Env) (*sink, error) {
	m, err := produce.NewMetrics(env.Metrics)
	if err != nil {
		return nil, err
	}
	return &sink{config: c, env: env, metrics: m}, nil
}

// Open connects to the cluster and fences the process before.
func (s *sink) Open(ctx context.Context) error {
	plan, err := s.config.plan()
	if err != nil {
		return err
	}
	settings := s.config.clientSettings()
	if s.client, err = client.New(settings); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, s.client.Cut) // sarama knows no contexts
	defer stop()
	id := s.config.transactionalID(s.env.Pipeline, s.env.Name)
	producing := s.config.produceSettings(id, s.env.Logger, s.metrics)
	producing.User = settings.SASL.Username.Shown()
	s.producer, err = produce.Open(s.client, producing)
	if err != nil {
		return err
	}
	s.router = &router{
		topics:   topic.New(s.client, s.client, plan, produce.DefaultPatience.Access, settings.SASL.Username.Shown(), s.env.Logger),
		producer: s.producer,
		sticky:   map[string]*partition.Sticky{},
	}
	return nil
}

// Write hands a batch to the producer. Records of one key go to one partition,
// which keeps their order.
func (s *sink) Write(ctx context.Context, b *sdk.Batch, done func(error)) {
	g, err := s.producer.Begin(ctx, b.Len(), int64(b.Size()), done)
	if err != nil {
		done(err)
		return
	}
	if err := s.router.send(ctx, b.Records(), g); err != nil {
		g.Abort(err)
		return
	}
	g.End()
}

// Close waits for the acknowledgements of what was written, until ctx ends.
func (s *sink) Close(ctx context.Context) error {
	if s.client == nil {
		return nil
	}
	var err error
	if s.producer != nil {
		stop := context.AfterFunc(ctx, s.client.Cut)
		err = s.producer.Close(ctx)
		stop()
	}
	if e := s.client.Close(); err == nil && e != nil && !errors.Is(e, sarama.ErrClosedClient) {
		err = fmt.Errorf("close kafka client: %w", e)
	}
	return err
}

// Health says which topic, partition or broker the sink waits for.
func (s *sink) Health() error {
	if s.router == nil {
		return nil
	}
	return cmp.Or(s.producer.Health(), s.router.topics.Health())
}
