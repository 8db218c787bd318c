package inspect

import (
	"fmt"
	"strconv"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk"
)

// The brokers' settings that matter to the sink.
const (
	minInSync   = "min.insync.replicas"
	replication = "default.replication.factor"
	maxBytes    = "message.max.bytes"
)

// settings checks the settings of one broker; they are meant to be alike.
func (i *Inspector) settings(brokers []*sarama.Broker) {
	if len(brokers) == 0 {
		return
	}
	entries, err := i.Cluster.DescribeConfig(sarama.ConfigResource{
		Type: sarama.BrokerResource, Name: strconv.Itoa(int(brokers[0].ID())),
		ConfigNames: []string{minInSync, replication, maxBytes},
	})
	if err != nil {
		err = fault.WithClusterCure(err, fault.GrantCluster(i.User, "--operation DescribeConfigs"))
		i.fault(sdk.Warning, "broker settings", "", "read the settings of a broker", err)
		return
	}
	values := map[string]int64{}
	for _, e := range entries {
		if n, err := strconv.ParseInt(e.Value, 10, 64); err == nil {
			values[e.Name] = n
		}
	}
	i.replicas(values, int64(len(brokers)))
	i.size(values)
}

// replicas checks that a new topic can be written, and survives a broker.
func (i *Inspector) replicas(broker map[string]int64, brokers int64) {
	spec := i.Plan.For("", true)
	copies := int64(spec.Replication)
	if copies < 0 {
		copies = broker[replication]
	}
	needed := configured(spec, minInSync, broker[minInSync])
	const path = "topics.replication_factor"
	switch {
	case !i.Plan.Create || copies == 0:
	case copies > brokers:
		i.note(sdk.Error, "replication", path, fmt.Sprintf("topics would have %d replicas, but there are %d brokers", copies, brokers),
			fmt.Sprintf("set it to at most %d", brokers))
	case needed > copies:
		i.note(sdk.Warning, "replication", path,
			fmt.Sprintf("topics would have %d replicas, but %s is %d: brokers of today make do with all there are, older ones refuse every record", copies, minInSync, needed),
			fmt.Sprintf("set it to more than %d, or lower %s in topics.config", needed, minInSync))
	case copies == 1 && brokers > 1:
		i.note(sdk.Warning, "replication", path, "topics would have one replica: acknowledged records are lost with their broker", "set it to 3")
	case needed == copies && copies > 1:
		i.note(sdk.Warning, "replication", path,
			fmt.Sprintf("topics would have %d replicas and %s is %d: the pipeline stands still while one broker is down", copies, minInSync, needed),
			"use one replica more than "+minInSync)
	default:
		i.ok("replication", path, "%d replicas, %s is %d", copies, minInSync, needed)
	}
}

func configured(spec topic.Spec, key string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(spec.Config[key], 10, 64); err == nil {
		return n
	}
	return otherwise
}

// size tells the largest record that goes through.
func (i *Inspector) size(broker map[string]int64) {
	limit := configured(i.Plan.For("", true), "max.message.bytes", broker[maxBytes])
	if limit == 0 {
		return
	}
	i.ok("record size", "", "new topics take records of up to %d bytes after compression", limit)
	if limit < i.BatchBytes {
		i.note(sdk.Warning, "record size", "batch_bytes",
			fmt.Sprintf("is %d, more than the %d bytes that the brokers take: batches that compress badly are sent twice", i.BatchBytes, limit),
			fmt.Sprintf("set it to at most %d", limit))
	}
}
