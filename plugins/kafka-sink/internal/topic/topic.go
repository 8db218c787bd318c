// Package topic finds the topics that records go to, creates those that are
// missing, and refuses those that would lose or refuse records. It never alters
// a topic that exists.
//
// Start reading at Topics.Ensure.
package topic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// Metadata is what is known of topics: a sarama.Client.
type Metadata interface {
	Partitions(topic string) ([]int32, error)
	WritablePartitions(topic string) ([]int32, error)
	RefreshMetadata(topics ...string) error
}

// Admin creates and describes topics.
type Admin interface {
	CreateTopic(topic string, detail *sarama.TopicDetail, validateOnly bool) error
	DescribeConfig(resource sarama.ConfigResource) ([]sarama.ConfigEntry, error)
}

// Topics knows which topics are ready to be written. But for Health it is used by
// one goroutine at a time.
type Topics struct {
	metadata Metadata
	admin    Admin
	plan     Plan
	// access is how long a refused login or certificate is waited for.
	access time.Duration
	user   string
	logger *slog.Logger
	ready  map[key]bool
	wait   wait
}

// key is a topic and what it is used for: it may get records with keys, without, or both.
type key struct {
	name  string
	keyed bool
}

// New makes Topics that create by plan. They are patient with brokers that let
// nobody in any more for as long as access says. The user is that of SASL, for cures.
func New(m Metadata, a Admin, plan Plan, access time.Duration, user string, l *slog.Logger) *Topics {
	return &Topics{metadata: m, admin: a, plan: plan, access: access, user: user, logger: l, ready: map[key]bool{}, wait: wait{logger: l}}
}

// Health returns which topic is waited for, and why.
func (t *Topics) Health() error { return t.wait.health(time.Now()) }

// Ensure returns the number of partitions of the topic. On its first call for a
// topic it makes sure that the topic exists, has leaders, and takes such records.
// It waits for a cluster that is away until ctx ends.
func (t *Topics) Ensure(ctx context.Context, name string, keyed bool) (int32, error) {
	k := key{name, keyed}
	if !t.ready[k] {
		if err := t.prepare(ctx, name, keyed); err != nil {
			return 0, err
		}
		t.ready[k] = true
	}
	partitions, err := t.metadata.Partitions(name)
	if err != nil {
		err = t.until(ctx, name, "looked up", func() (err error) {
			partitions, err = t.metadata.Partitions(name)
			return err
		})
	}
	if err != nil {
		delete(t.ready, k)
		return 0, fmt.Errorf("look up topic %q: %w", name, t.mark(err, name))
	}
	return int32(len(partitions)), nil
}

func (t *Topics) prepare(ctx context.Context, name string, keyed bool) error {
	err := t.until(ctx, name, "looked up", func() error { return t.metadata.RefreshMetadata(name) })
	switch {
	case err == nil:
		return t.check(ctx, name, keyed)
	case !errors.Is(err, sarama.ErrUnknownTopicOrPartition):
		return fmt.Errorf("look up topic %q: %w", name, t.mark(err, name))
	case !t.plan.Create:
		return t.find(ctx, name, keyed)
	}
	return t.create(ctx, name, keyed)
}

// sure is how long a topic has to be missing that nobody here may create: one
// that was just made is not known to each broker at once.
const sure = 3 * time.Second

func (t *Topics) find(ctx context.Context, name string, keyed bool) error {
	deadline := time.Now().Add(sure)
	err := t.poll(ctx, name, "found", func() (bool, error) {
		err := t.metadata.RefreshMetadata(name)
		missing := errors.Is(err, sarama.ErrUnknownTopicOrPartition)
		return !fault.Retriable(err) || missing && time.Now().After(deadline), err
	})
	switch {
	case err == nil:
		return t.check(ctx, name, keyed)
	case ctx.Err() == nil && errors.Is(err, sarama.ErrUnknownTopicOrPartition):
		return sdk.Permanent(fmt.Errorf("topic %q does not exist: create it, or set topics.create to true", name))
	}
	return fmt.Errorf("look up topic %q: %w", name, t.mark(err, name))
}

// until repeats f until it succeeds or fails for good, or there is no such topic.
func (t *Topics) until(ctx context.Context, name, what string, f func() error) error {
	return t.poll(ctx, name, what, func() (bool, error) {
		err := f()
		return !fault.Retriable(err) || errors.Is(err, sarama.ErrUnknownTopicOrPartition), err
	})
}

const (
	pollMin = 10 * time.Millisecond
	pollMax = time.Second
)

// poll calls f with growing pauses until it says that it is finished, or ctx
// ends; it returns f's last error.
func (t *Topics) poll(ctx context.Context, name, what string, f func() (finished bool, err error)) error {
	t.wait.begin(name, what)
	defer t.wait.end()
	begun := time.Now()
	for pause := pollMin; ; pause = min(2*pause, pollMax) {
		finished, err := f()
		if fault.Access(err) {
			finished = time.Since(begun) >= t.access
		}
		if finished || err == nil {
			return err
		}
		t.wait.refused(err)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause/2 + rand.N(pause/2)):
		}
	}
}

// mark completes an error with the cure, as far as this topic is concerned.
func (t *Topics) mark(err error, name string) error {
	rights := fault.TopicRights
	if t.plan.Create {
		rights = fault.CreateRights
	}
	return fault.Mark(fault.WithGrant(err, t.user, rights, name))
}
