package fault

import (
	"errors"
	"fmt"

	"github.com/IBM/sarama"
)

// WithCure says that of err's cure more is known than its code tells.
func WithCure(err error, cure string) error { return &cured{err, cure} }

type cured struct {
	error
	cure string
}

func (c *cured) Unwrap() error { return c.error }

// GrantTransactionalID is the command that lets a user claim a transactional id.
func GrantTransactionalID(user, id string) string {
	return grant(user, "--operation Write --operation Describe --transactional-id "+id)
}

// GrantTopic is the command that gives a user rights on a topic, such as "--operation Write".
func GrantTopic(user, operations, topic string) string {
	return grant(user, operations+" --topic "+topic)
}

// GrantCluster is the command that gives a user rights on the cluster.
func GrantCluster(user, operations string) string {
	return grant(user, operations+" --cluster")
}

// Rights on a topic.
const (
	TopicRights  = "--operation Write --operation Describe --operation DescribeConfigs"
	CreateRights = "--operation Create " + TopicRights
)

// WithGrant adds to a refusal for want of rights on a topic the command that gives them.
func WithGrant(err error, user, rights, topic string) error {
	if errors.Is(err, sarama.ErrTopicAuthorizationFailed) || errors.Is(err, sarama.ErrClusterAuthorizationFailed) {
		return WithCure(err, GrantTopic(user, rights, topic))
	}
	return err
}

// WithClusterCure says what to do where rights on the cluster are refused.
func WithClusterCure(err error, cure string) error {
	if errors.Is(err, sarama.ErrClusterAuthorizationFailed) {
		return WithCure(err, cure)
	}
	return err
}

// grant leaves a place for the principal where it is not that of SASL.
func grant(user, what string) string {
	if user == "" {
		user = "NAME"
	}
	return fmt.Sprintf("run kafka-acls.sh --bootstrap-server BROKER --add --allow-principal User:%s %s", user, what)
}
