package fault

import "github.com/IBM/sarama"

// code is what is known about an error code of Kafka.
type code struct {
	name string
	// retry says that the same request may succeed soon, without a new producer.
	retry bool
	// permanent says that a person has to act.
	permanent bool
	// text replaces sarama's where that misleads or is missing.
	text string
	cure string
}

const (
	cureWait        = "the cluster recovers from this by itself; if it lasts, look at the brokers' logs"
	cureCoordinator = "the cluster recovers from this by itself; if it lasts, set the brokers' transaction.state.log.replication.factor and transaction.state.log.min.isr to at most the number of brokers"
	cureReplicas    = "bring replicas back, or lower the topic's min.insync.replicas"
	cureRestart     = "the plugin starts again with a new epoch and sends all that was not acknowledged"
	cureTopicACL    = "allow the user of sasl.username to Write, Describe and DescribeConfigs the topic, and to Create it if topics.create is on"
	cureFenced      = "run the pipeline in one place only; if the other is another pipeline of the same name, give each a transactional_id of its own"
	textFenced      = "kafka server: another process has claimed the same transactional id and goes on in this one's place"
	cureCluster     = "allow the user of sasl.username IdempotentWrite on the cluster (before Kafka 2.8), and Create if topics.create is on"
)

// codes has those a producer meets. All others are tried again by a restart.
var codes = map[sarama.KError]code{
	sarama.ErrUnknown:                         {name: "UNKNOWN_SERVER_ERROR", cure: "look at the broker's log"},
	sarama.ErrInvalidMessage:                  {name: "CORRUPT_MESSAGE", retry: true, cure: "the network or a proxy changes data on its way"},
	sarama.ErrUnknownTopicOrPartition:         {name: "UNKNOWN_TOPIC_OR_PARTITION", retry: true, cure: "the topic was deleted; it is created again at the next start if topics.create is on"},
	sarama.ErrLeaderNotAvailable:              {name: "LEADER_NOT_AVAILABLE", retry: true, cure: cureWait},
	sarama.ErrNotLeaderForPartition:           {name: "NOT_LEADER_OR_FOLLOWER", retry: true, cure: cureWait},
	sarama.ErrRequestTimedOut:                 {name: "REQUEST_TIMED_OUT", retry: true, cure: "the followers are slow; raise request_timeout or look at the brokers"},
	sarama.ErrBrokerNotAvailable:              {name: "BROKER_NOT_AVAILABLE", retry: true, cure: cureWait},
	sarama.ErrReplicaNotAvailable:             {name: "REPLICA_NOT_AVAILABLE", retry: true, cure: cureWait},
	sarama.ErrNetworkException:                {name: "NETWORK_EXCEPTION", retry: true, cure: cureWait},
	sarama.ErrOffsetsLoadInProgress:           {name: "COORDINATOR_LOAD_IN_PROGRESS", retry: true, cure: cureWait},
	sarama.ErrConsumerCoordinatorNotAvailable: {name: "COORDINATOR_NOT_AVAILABLE", retry: true, cure: cureCoordinator},
	sarama.ErrNotCoordinatorForConsumer:       {name: "NOT_COORDINATOR", retry: true, cure: cureWait},
	sarama.ErrNotEnoughReplicas:               {name: "NOT_ENOUGH_REPLICAS", retry: true, cure: cureReplicas},
	sarama.ErrNotEnoughReplicasAfterAppend:    {name: "NOT_ENOUGH_REPLICAS_AFTER_APPEND", retry: true, cure: cureReplicas},
	sarama.ErrNotController:                   {name: "NOT_CONTROLLER", retry: true, cure: cureWait},
	sarama.ErrKafkaStorageError:               {name: "KAFKA_STORAGE_ERROR", retry: true, cure: "a disk of the broker is broken: look at its log"},
	sarama.ErrFencedLeaderEpoch:               {name: "FENCED_LEADER_EPOCH", retry: true, cure: cureWait},
	sarama.ErrUnknownLeaderEpoch:              {name: "UNKNOWN_LEADER_EPOCH", retry: true, cure: cureWait},
	sarama.ErrThrottlingQuotaExceeded:         {name: "THROTTLING_QUOTA_EXCEEDED", retry: true, cure: "raise the controller_mutation_rate quota of the user"},
	sarama.ErrConcurrentTransactions:          {name: "CONCURRENT_TRANSACTIONS", retry: true, cure: cureWait},

	sarama.ErrOutOfOrderSequenceNumber:           {name: "OUT_OF_ORDER_SEQUENCE_NUMBER", text: "kafka server: the partition lost records that it had acknowledged", cure: cureRestart + "; set unclean.leader.election.enable=false"},
	sarama.ErrUnknownProducerID:                  {name: "UNKNOWN_PRODUCER_ID", cure: cureRestart},
	sarama.ErrInvalidProducerEpoch:               {name: "INVALID_PRODUCER_EPOCH", permanent: true, text: textFenced, cure: cureFenced},
	sarama.ErrInvalidProducerIDMapping:           {name: "INVALID_PRODUCER_ID_MAPPING", cure: cureRestart},
	sarama.ErrProducerFenced:                     {name: "PRODUCER_FENCED", permanent: true, text: textFenced, cure: cureFenced},
	sarama.ErrMessageSizeTooLarge:                {name: "MESSAGE_TOO_LARGE", permanent: true, cure: "raise max.message.bytes of the topic (and max.partition.fetch.bytes of old consumers), or leave the large column out in the source"},
	sarama.ErrMessageSetSizeTooLarge:             {name: "RECORD_LIST_TOO_LARGE", permanent: true, cure: "lower batch_bytes or raise the topic's segment.bytes"},
	sarama.ErrInvalidTopic:                       {name: "INVALID_TOPIC_EXCEPTION", permanent: true, cure: "a topic's name has at most 249 letters, digits, dots, underscores and dashes: change the topic naming of the transform"},
	sarama.ErrTopicAuthorizationFailed:           {name: "TOPIC_AUTHORIZATION_FAILED", permanent: true, cure: cureTopicACL},
	sarama.ErrClusterAuthorizationFailed:         {name: "CLUSTER_AUTHORIZATION_FAILED", permanent: true, cure: cureCluster},
	sarama.ErrTransactionalIDAuthorizationFailed: {name: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", permanent: true, cure: "allow the user of sasl.username to Write and Describe the transactional id"},
	sarama.ErrSASLAuthenticationFailed:           {name: "SASL_AUTHENTICATION_FAILED", permanent: true, cure: "check sasl.mechanism, sasl.username and sasl.password"},
	sarama.ErrUnsupportedSASLMechanism:           {name: "UNSUPPORTED_SASL_MECHANISM", permanent: true, cure: "set sasl.mechanism to one of the listener's sasl.enabled.mechanisms"},
	sarama.ErrIllegalSASLState:                   {name: "ILLEGAL_SASL_STATE", permanent: true, cure: "the listener takes no SASL: set sasl.mechanism to none or name the SASL listener in brokers"},
	sarama.ErrInvalidTimestamp:                   {name: "INVALID_TIMESTAMP", permanent: true, cure: "raise the topic's message.timestamp.before.max.ms, or set message.timestamp.type=LogAppendTime"},
	sarama.ErrInvalidRecord:                      {name: "INVALID_RECORD", permanent: true, cure: "a compacted topic takes only records with a key: give the table a key or set the topic's cleanup.policy to delete"},
	sarama.ErrUnsupportedVersion:                 {name: "UNSUPPORTED_VERSION", permanent: true, cure: "Kafka 2.5 or later is needed"},
	sarama.ErrUnsupportedForMessageFormat:        {name: "UNSUPPORTED_FOR_MESSAGE_FORMAT", permanent: true, cure: "set the topic's message.format.version to 0.11 or later"},
	sarama.ErrUnsupportedCompressionType:         {name: "UNSUPPORTED_COMPRESSION_TYPE", permanent: true, cure: "set compression to one that the broker knows"},
	sarama.ErrInvalidPartitions:                  {name: "INVALID_PARTITIONS", permanent: true, cure: "set topics.partitions to a positive number, or -1 for the broker's default"},
	sarama.ErrInvalidReplicationFactor:           {name: "INVALID_REPLICATION_FACTOR", permanent: true, cure: "set topics.replication_factor to at most the number of brokers, or -1 for the broker's default"},
	sarama.ErrInvalidConfig:                      {name: "INVALID_CONFIG", permanent: true, cure: "correct topics.config and the config of topics.rules"},
	sarama.ErrInvalidRequest:                     {name: "INVALID_REQUEST", permanent: true, cure: "look at the broker's log for the reason"},
	sarama.ErrPolicyViolation:                    {name: "POLICY_VIOLATION", permanent: true, cure: "the cluster's policy for topics refuses this: change topics.partitions, topics.replication_factor or topics.config"},
	sarama.ErrInvalidRequiredAcks:                {name: "INVALID_REQUIRED_ACKS", permanent: true, cure: "look at the broker's log for the reason"},
}
