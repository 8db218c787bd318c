package main

import (
	"context"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/partition"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk"
)

// router finds the topic and partition of each message.
type router struct {
	topics   *topic.Topics
	producer *produce.Producer
	sticky   map[string]*partition.Sticky // by topic
}

// route leads from a target to its topic.
type route struct {
	topic   *produce.Topic
	count   int32
	keyless int32 // partition of records without a key
	headers []*sarama.RecordHeader
}

// send adds the messages to the group. The routes of their targets hold for this
// batch alone, so that partitions added to a topic are seen by the next.
func (r *router) send(ctx context.Context, records *sdk.Records, g *produce.Group) error {
	targets := map[*sdk.Target]*route{}
	now := time.Now().UnixMilli()
	for records.Next() {
		m := records.Message()
		if m == nil {
			return sdk.Permanent(errChange)
		}
		if m.StateOnly {
			continue // a topic is a log of changes
		}
		t := records.Target()
		to := targets[t]
		if to == nil {
			var err error
			if to, err = r.route(ctx, t); err != nil {
				return err
			}
			targets[t] = to
		}
		to.add(g, m, now)
	}
	return records.Err()
}

func (r *router) route(ctx context.Context, t *sdk.Target) (*route, error) {
	count, err := r.topics.Ensure(ctx, t.Topic, t.KeySchema != 0)
	if err != nil {
		return nil, err
	}
	spread := r.sticky[t.Topic]
	if spread == nil {
		spread = new(partition.Sticky)
		r.sticky[t.Topic] = spread
	}
	spread.Next()
	return &route{
		topic:   r.producer.Topic(t.Topic, count),
		count:   count,
		keyless: spread.Of(count),
		headers: headers(nil, t.Headers),
	}, nil
}

// add puts a message to its partition.
func (to *route) add(g *produce.Group, m *sdk.Message, now int64) {
	at := to.keyless
	if m.Key != nil {
		at = partition.Of(m.Key, to.count)
	}
	rec := produce.Record{Key: m.Key, Value: m.Value, Headers: to.headers, Time: m.Time}
	if len(m.Headers) > 0 {
		rec.Headers = headers(to.headers, m.Headers)
	}
	if m.Time <= 0 {
		rec.Time = now // a record of 1970 would be deleted by the topic's retention at once
	}
	g.Add(to.topic, at, rec)
}

// headers puts hs behind those of the target.
func headers(first []*sarama.RecordHeader, hs []sdk.Header) []*sarama.RecordHeader {
	if len(hs) == 0 {
		return first
	}
	all := make([]*sarama.RecordHeader, 0, len(first)+len(hs))
	all = append(all, first...)
	slab := make([]sarama.RecordHeader, len(hs))
	for i, h := range hs {
		slab[i] = sarama.RecordHeader{Key: []byte(h.Key), Value: h.Value}
		all = append(all, &slab[i])
	}
	return all
}
