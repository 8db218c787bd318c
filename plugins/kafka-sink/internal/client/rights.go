package client

import "github.com/IBM/sarama"

// metadataVersion is the first that tells rights by Kafka 2.3, and the newest
// that sarama knows is no better.
const metadataVersion = 8

// Topic is what the cluster says of a topic.
type Topic struct {
	Name string
	// Err is nil for a topic that there is, and that the user may describe.
	Err    error
	rights int32
}

// May says whether the user has a right on the topic.
func (t *Topic) May(op sarama.AclOperation) bool { return t.rights&(1<<acl[op]) != 0 }

// acl has the numbers by which the protocol tells rights.
var acl = map[sarama.AclOperation]int{
	sarama.AclOperationWrite: 4, sarama.AclOperationDescribe: 8, sarama.AclOperationDescribeConfigs: 10,
}

// DescribeTopics tells of topics whether they are there, and what the user may do.
func (c *Client) DescribeTopics(names []string) ([]Topic, error) {
	if len(names) == 0 {
		return nil, nil // the request would be for all
	}
	broker := c.LeastLoadedBroker()
	if broker == nil {
		return nil, sarama.ErrOutOfBrokers
	}
	res, err := broker.GetMetadata(&sarama.MetadataRequest{
		Version: metadataVersion, Topics: names, IncludeTopicAuthorizedOperations: true,
	})
	if err != nil {
		return nil, err
	}
	topics := make([]Topic, len(res.Topics))
	for i, t := range res.Topics {
		topics[i] = Topic{Name: t.Name, rights: t.TopicAuthorizedOperations}
		if t.Err != sarama.ErrNoError {
			topics[i].Err = t.Err
		}
	}
	return topics, nil
}
