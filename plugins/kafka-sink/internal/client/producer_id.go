package client

import (
	"errors"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
)

const (
	pauseMin = 20 * time.Millisecond
	pauseMax = time.Second
)

// InitProducerID gets a new producer id. A cluster that has just come up needs a
// moment for that: it is asked again until the request timeout is over.
func (c *Client) InitProducerID() (*sarama.InitProducerIDResponse, error) {
	deadline := time.Now().Add(c.Config().Admin.Timeout)
	for pause := pauseMin; ; pause = min(2*pause, pauseMax) {
		res, err := c.Client.InitProducerID()
		if err == nil && res.Err != sarama.ErrNoError {
			err = res.Err
		}
		var code sarama.KError
		if err == nil || !errors.As(err, &code) || !fault.Retriable(code) || time.Now().After(deadline) {
			return res, err
		}
		select {
		case <-c.dialer.ctx.Done():
			return res, err
		case <-time.After(pause):
		}
	}
}
