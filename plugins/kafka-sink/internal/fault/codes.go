package fault

import "github.com/IBM/sarama"

// code is what is known about an error code of Kafka.
type code struct {
	name string
	kind kind
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
	cureLogin       = "check sasl.mechanism, sasl.username and sasl.password, or sasl.token or sasl.oidc"
	cureCluster     = "allow the user of sasl.username IdempotentWrite on the cluster (before Kafka 2.8), and Create if topics.create is on"
)

// Codes that sarama has no name for.
const (
	errTransactionCoordinatorFenced = sarama.KError(52)
	errUnknownTopicID               = sarama.KError(100)
	errInconsistentTopicID          = sarama.KError(103)
	errRebootstrapRequired          = sarama.KError(129)
)

// codes has those that a producer meets, foreign.go the names of the others.
var codes = map[sarama.KError]code{
	sarama.ErrUnknown:                         {name: "UNKNOWN_SERVER_ERROR", cure: "look at the broker's log"},
	sarama.ErrInvalidMessage:                  {name: "CORRUPT_MESSAGE", kind: passing, cure: "the network or a proxy changes data on its way"},
	sarama.ErrUnknownTopicOrPartition:         {name: "UNKNOWN_TOPIC_OR_PARTITION", kind: passing, cure: "the topic was deleted: it is created again if topics.create is on"},
	sarama.ErrLeaderNotAvailable:              {name: "LEADER_NOT_AVAILABLE", kind: passing, cure: cureWait},
	sarama.ErrNotLeaderForPartition:           {name: "NOT_LEADER_OR_FOLLOWER", kind: passing, cure: cureWait},
	sarama.ErrRequestTimedOut:                 {name: "REQUEST_TIMED_OUT", kind: passing, cure: "the followers are slow; raise request_timeout or look at the brokers"},
	sarama.ErrBrokerNotAvailable:              {name: "BROKER_NOT_AVAILABLE", kind: passing, cure: cureWait},
	sarama.ErrReplicaNotAvailable:             {name: "REPLICA_NOT_AVAILABLE", kind: passing, cure: cureWait},
	sarama.ErrNetworkException:                {name: "NETWORK_EXCEPTION", kind: passing, cure: cureWait},
	sarama.ErrOffsetsLoadInProgress:           {name: "COORDINATOR_LOAD_IN_PROGRESS", kind: passing, cure: cureWait},
	sarama.ErrConsumerCoordinatorNotAvailable: {name: "COORDINATOR_NOT_AVAILABLE", kind: passing, cure: cureCoordinator},
	sarama.ErrNotCoordinatorForConsumer:       {name: "NOT_COORDINATOR", kind: passing, cure: cureWait},
	sarama.ErrNotEnoughReplicas:               {name: "NOT_ENOUGH_REPLICAS", kind: passing, cure: cureReplicas},
	sarama.ErrNotEnoughReplicasAfterAppend:    {name: "NOT_ENOUGH_REPLICAS_AFTER_APPEND", kind: passing, cure: cureReplicas},
	sarama.ErrNotController:                   {name: "NOT_CONTROLLER", kind: passing, cure: cureWait},
	sarama.ErrKafkaStorageError:               {name: "KAFKA_STORAGE_ERROR", kind: passing, cure: "a disk of the broker is broken: look at its log"},
	sarama.ErrFencedLeaderEpoch:               {name: "FENCED_LEADER_EPOCH", kind: passing, cure: cureWait},
	sarama.ErrUnknownLeaderEpoch:              {name: "UNKNOWN_LEADER_EPOCH", kind: passing, cure: cureWait},
	sarama.ErrThrottlingQuotaExceeded:         {name: "THROTTLING_QUOTA_EXCEEDED", kind: passing, cure: "raise the controller_mutation_rate quota of the user"},
	sarama.ErrPreferredLeaderNotAvailable:     {name: "PREFERRED_LEADER_NOT_AVAILABLE", kind: passing, cure: cureWait},
	sarama.ErrEligibleLeadersNotAvailable:     {name: "ELIGIBLE_LEADERS_NOT_AVAILABLE", kind: passing, cure: cureReplicas},
	sarama.ErrListenerNotFound:                {name: "LISTENER_NOT_FOUND", kind: passing, cure: "give each broker the listener that brokers names"},
	errTransactionCoordinatorFenced:           {name: "TRANSACTION_COORDINATOR_FENCED", kind: passing, cure: cureWait},
	errUnknownTopicID:                         {name: "UNKNOWN_TOPIC_ID", kind: passing, cure: cureWait},
	errInconsistentTopicID:                    {name: "INCONSISTENT_TOPIC_ID", kind: passing, cure: cureWait},
	errRebootstrapRequired:                    {name: "REBOOTSTRAP_REQUIRED", kind: restart, cure: cureRestart},
	sarama.ErrConcurrentTransactions:          {name: "CONCURRENT_TRANSACTIONS", kind: passing, cure: cureWait},

	sarama.ErrOutOfOrderSequenceNumber:           {name: "OUT_OF_ORDER_SEQUENCE_NUMBER", kind: restart, text: "kafka server: the partition lost records that it had acknowledged", cure: cureRestart + "; set unclean.leader.election.enable=false"},
	sarama.ErrUnknownProducerID:                  {name: "UNKNOWN_PRODUCER_ID", kind: restart, cure: cureRestart},
	sarama.ErrInvalidProducerEpoch:               {name: "INVALID_PRODUCER_EPOCH", kind: taken, text: textFenced, cure: cureFenced},
	sarama.ErrInvalidProducerIDMapping:           {name: "INVALID_PRODUCER_ID_MAPPING", kind: restart, cure: cureRestart},
	sarama.ErrProducerFenced:                     {name: "PRODUCER_FENCED", kind: taken, text: textFenced, cure: cureFenced},
	sarama.ErrMessageSizeTooLarge:                {name: "MESSAGE_TOO_LARGE", kind: lasting, cure: "raise max.message.bytes of the topic (and max.partition.fetch.bytes of old consumers), or leave the large column out in the source"},
	sarama.ErrMessageSetSizeTooLarge:             {name: "RECORD_LIST_TOO_LARGE", kind: lasting, cure: "raise the topic's segment.bytes, or leave the large column out in the source"},
	sarama.ErrInvalidTopic:                       {name: "INVALID_TOPIC_EXCEPTION", kind: lasting, cure: "a topic's name has at most 249 letters, digits, dots, underscores and dashes: change the topic naming of the transform"},
	sarama.ErrTopicAuthorizationFailed:           {name: "TOPIC_AUTHORIZATION_FAILED", kind: lasting, cure: cureTopicACL},
	sarama.ErrClusterAuthorizationFailed:         {name: "CLUSTER_AUTHORIZATION_FAILED", kind: lasting, cure: cureCluster},
	sarama.ErrTransactionalIDAuthorizationFailed: {name: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", kind: lasting, cure: "allow the user of sasl.username to Write and Describe the transactional id"},
	sarama.ErrSASLAuthenticationFailed:           {name: "SASL_AUTHENTICATION_FAILED", kind: lasting, cure: cureLogin},
	sarama.ErrUnsupportedSASLMechanism:           {name: "UNSUPPORTED_SASL_MECHANISM", kind: lasting, cure: "set sasl.mechanism to one of the listener's sasl.enabled.mechanisms"},
	sarama.ErrIllegalSASLState:                   {name: "ILLEGAL_SASL_STATE", kind: lasting, cure: "the listener takes no SASL: set sasl.mechanism to none or name the SASL listener in brokers"},
	sarama.ErrInvalidTimestamp:                   {name: "INVALID_TIMESTAMP", kind: lasting, cure: "raise the topic's message.timestamp.before.max.ms, or set message.timestamp.type=LogAppendTime"},
	sarama.ErrInvalidRecord:                      {name: "INVALID_RECORD", kind: lasting, cure: "a compacted topic takes only records with a key: give the table a key or set the topic's cleanup.policy to delete"},
	sarama.ErrUnsupportedVersion:                 {name: "UNSUPPORTED_VERSION", kind: lasting, cure: "Kafka 2.5 or later is needed"},
	sarama.ErrUnsupportedForMessageFormat:        {name: "UNSUPPORTED_FOR_MESSAGE_FORMAT", kind: lasting, cure: "set the topic's message.format.version to 0.11 or later"},
	sarama.ErrUnsupportedCompressionType:         {name: "UNSUPPORTED_COMPRESSION_TYPE", kind: lasting, cure: "set compression to one that the broker knows"},
	sarama.ErrInvalidPartitions:                  {name: "INVALID_PARTITIONS", kind: lasting, cure: "set topics.partitions to a positive number, or -1 for the broker's default"},
	sarama.ErrInvalidReplicationFactor:           {name: "INVALID_REPLICATION_FACTOR", kind: lasting, cure: "set topics.replication_factor to at most the number of brokers, or -1 for the broker's default"},
	sarama.ErrInvalidConfig:                      {name: "INVALID_CONFIG", kind: lasting, cure: "correct topics.config and the config of topics.rules"},
	sarama.ErrInvalidRequest:                     {name: "INVALID_REQUEST", kind: lasting, cure: "look at the broker's log for the reason"},
	sarama.ErrPolicyViolation:                    {name: "POLICY_VIOLATION", kind: lasting, cure: "the cluster's policy for topics refuses this: change topics.partitions, topics.replication_factor or topics.config"},
	sarama.ErrInvalidReplicaAssignment:           {name: "INVALID_REPLICA_ASSIGNMENT", kind: lasting, cure: "correct topics.replication_factor"},
	sarama.ErrInvalidTransactionTimeout:          {name: "INVALID_TRANSACTION_TIMEOUT", kind: lasting, cure: "set the brokers' transaction.max.timeout.ms to at least 1000"},
	sarama.ErrSecurityDisabled:                   {name: "SECURITY_DISABLED", kind: lasting, cure: "look at the broker's log for the reason"},
	sarama.ErrInvalidRequiredAcks:                {name: "INVALID_REQUIRED_ACKS", kind: lasting, cure: "look at the broker's log for the reason"},
}
