package client

import (
	"fmt"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
)

// The administrative requests go to brokers that the client has learnt of, which
// it does with the metadata of the first topic that it is asked for.

// CreateTopic creates a topic, or has the brokers check that they would.
func (c *Client) CreateTopic(topic string, detail *sarama.TopicDetail, validateOnly bool) error {
	admin, err := c.admin()
	if err != nil {
		return err
	}
	err = admin.CreateTopic(topic, detail, validateOnly)
	if err != nil && !fault.Answered(err) {
		_, _ = c.RefreshController() // sarama keeps to one that is gone; a fault shows at the next attempt
	}
	return err
}

// DescribeConfig returns the configuration of a topic or broker.
func (c *Client) DescribeConfig(resource sarama.ConfigResource) ([]sarama.ConfigEntry, error) {
	admin, err := c.admin()
	if err != nil {
		return nil, err
	}
	results, err := admin.DescribeConfigs([]*sarama.ConfigResource{&resource}, sarama.DescribeConfigsOptions{})
	if err != nil {
		return nil, err
	}
	if len(results) != 1 {
		return nil, sarama.ErrIncompleteResponse
	}
	if code := results[0].ErrorCode; code != sarama.ErrNoError {
		return nil, &sarama.DescribeConfigError{Err: code, ErrMsg: results[0].ErrorMsg}
	}
	return results[0].Configs, nil
}

// DescribeCluster returns the brokers.
func (c *Client) DescribeCluster() ([]*sarama.Broker, error) {
	admin, err := c.admin()
	if err != nil {
		return nil, err
	}
	brokers, _, err := admin.DescribeCluster()
	return brokers, err
}

// admin costs nothing once the controller is known.
func (c *Client) admin() (sarama.ClusterAdmin, error) {
	a, err := sarama.NewClusterAdminFromClient(c.Client)
	if err != nil {
		return nil, fmt.Errorf("find the controller: %w", err)
	}
	return a, nil
}
