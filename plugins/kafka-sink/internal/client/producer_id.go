package client

import (
	"errors"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
)

const (
	pauseMin = 20 * time.Millisecond
	pauseMax = time.Second
	// transactionTimeout is asked for with a transactional id. There are no
	// transactions, so any that the brokers allow will do.
	transactionTimeout = time.Second
	// initVersion is the newest that sarama knows; it is lowered to the broker's.
	initVersion = 4
)

// InitProducerID gets a new producer id, which fences nobody.
func (c *Client) InitProducerID() (*sarama.InitProducerIDResponse, error) {
	var res *sarama.InitProducerIDResponse
	err := c.patiently(func() (err error) {
		if res, err = c.Client.InitProducerID(); err == nil {
			err = refusal(res)
		}
		return err
	})
	return res, err
}

// Claim takes the producer id of a transactional id, with an epoch above that of
// whoever claimed it before. With an identity that is held it does so only if
// nobody else has claimed it meanwhile.
func (c *Client) Claim(transactionalID string, held produce.Identity) (produce.Identity, error) {
	var got produce.Identity
	err := c.patiently(func() error {
		res, err := c.claim(&sarama.InitProducerIDRequest{
			Version: initVersion, TransactionalID: &transactionalID, TransactionTimeout: transactionTimeout,
			ProducerID: held.ID, ProducerEpoch: held.Epoch,
		})
		if err == nil {
			got = produce.Identity{ID: res.ProducerID, Epoch: res.ProducerEpoch}
		}
		return err
	})
	return got, c.withGrant(err, transactionalID)
}

func (c *Client) withGrant(err error, transactionalID string) error {
	if !errors.Is(err, sarama.ErrTransactionalIDAuthorizationFailed) {
		return err
	}
	return fault.WithCure(err, fault.GrantTransactionalID(c.user.Shown(), transactionalID))
}

func (c *Client) claim(req *sarama.InitProducerIDRequest) (*sarama.InitProducerIDResponse, error) {
	coordinator, err := c.TransactionCoordinator(*req.TransactionalID)
	if err != nil {
		return nil, err
	}
	_ = coordinator.Open(c.Config()) // sarama leaves that to us; it may be open
	res, err := coordinator.InitProducerID(req)
	if err == nil {
		err = refusal(res)
	}
	if err != nil {
		_ = c.RefreshTransactionCoordinator(*req.TransactionalID) // it may have moved; a fault shows at the next attempt
	}
	return res, err
}

// MayClaim returns nil if the user may claim the transactional id. It claims
// nothing: brokers look at the rights first, then refuse a timeout of zero.
func (c *Client) MayClaim(transactionalID string) error {
	err := c.patiently(func() error {
		_, err := c.claim(&sarama.InitProducerIDRequest{
			Version: initVersion, TransactionalID: &transactionalID,
			ProducerID: produce.Nobody.ID, ProducerEpoch: produce.Nobody.Epoch,
		})
		return err
	})
	if errors.Is(err, sarama.ErrInvalidTransactionTimeout) {
		return nil
	}
	return c.withGrant(err, transactionalID)
}

func refusal(res *sarama.InitProducerIDResponse) error {
	if res.Err != sarama.ErrNoError {
		return res.Err
	}
	return nil
}

// patience is how long a coordinator is waited for that has just come up. Beyond
// that the host starts the sink anew, and shows why meanwhile.
const patience = 10 * time.Second

// patiently asks again while the cluster says that it is not ready.
func (c *Client) patiently(ask func() error) error {
	deadline := time.Now().Add(patience)
	for pause := pauseMin; ; pause = min(2*pause, pauseMax) {
		err := ask()
		if err == nil || !fault.Answered(err) || !fault.Retriable(err) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-c.dialer.ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}
