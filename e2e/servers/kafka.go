package servers

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// EnvKafka gives the tests a Kafka cluster that already runs, as host:port[,host:port].
const EnvKafka = "LEAT_E2E_KAFKA"

// KafkaServer is one broker that is its own controller, without authentication.
type KafkaServer struct {
	*Process
	// Bootstrap is the address list to give to clients.
	Bootstrap string
}

// Kafka starts a broker without topics, or takes the cluster that EnvKafka names.
func Kafka(ctx context.Context, opts Options) (*KafkaServer, error) {
	if addresses := os.Getenv(EnvKafka); addresses != "" {
		return externalKafka(ctx, addresses, opts)
	}
	ready := func(ctx context.Context, port int) error { return pingKafka(ctx, loopback(port)) }
	process, err := launch(ctx, recipe{service: "kafka", ports: 2, ready: ready}, opts)
	if err != nil {
		return nil, err
	}
	return &KafkaServer{Process: process, Bootstrap: loopback(process.port())}, nil
}

func externalKafka(ctx context.Context, addresses string, opts Options) (*KafkaServer, error) {
	if err := unconfigurable("kafka", EnvKafka, opts); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	if err := pingKafka(ctx, addresses); err != nil {
		return nil, fmt.Errorf("use %s: %w", EnvKafka, err)
	}
	return &KafkaServer{Process: &Process{service: "kafka", external: EnvKafka}, Bootstrap: addresses}, nil
}

// pingKafka asks for the brokers: one that is up but not yet unfenced by the controller lists none.
func pingKafka(ctx context.Context, addresses string) error {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(addresses, ",")...),
		kgo.RequestRetries(0), kgo.DialTimeout(dialLimit), kgo.DisableClientMetrics(),
	)
	if err != nil {
		return fmt.Errorf("connect to Kafka at %s: %w", addresses, err)
	}
	defer client.Close()
	request := kmsg.NewPtrMetadataRequest()
	request.Topics = []kmsg.MetadataRequestTopic{}
	answer, err := request.RequestWith(ctx, client)
	if err != nil {
		return fmt.Errorf("ask Kafka at %s for its brokers: %w", addresses, err)
	}
	if len(answer.Brokers) == 0 || answer.ControllerID < 0 {
		return fmt.Errorf("ask Kafka at %s for its brokers: none is ready", addresses)
	}
	return nil
}
