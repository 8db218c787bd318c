package client_test

import (
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

func newClient(t *testing.T, s client.Settings) *client.Client {
	t.Helper()
	c, err := client.New(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestClaim(t *testing.T) {
	t.Parallel()

	t.Run("raises the epoch of one producer id", func(t *testing.T) {
		t.Parallel()
		c := newClient(t, settings(kafkatest.Start(t, kfake.NumBrokers(3)).ListenAddrs()))
		first, err := c.Claim("leat.p.kafka", produce.Nobody)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.MayClaim("leat.p.kafka"); err != nil {
			t.Errorf("may not claim: %v", err)
		}
		second, err := c.Claim("leat.p.kafka", produce.Nobody)
		if err != nil {
			t.Fatal(err)
		}
		if want := (produce.Identity{ID: first.ID, Epoch: first.Epoch + 1}); second != want {
			t.Errorf("got %+v after %+v, want %+v", second, first, want)
		}
		other, err := c.Claim("leat.p.other", produce.Nobody)
		if err != nil || other.ID == first.ID {
			t.Errorf("another transactional id got %+v, %v", other, err)
		}
	})

	t.Run("waits for a coordinator that is being loaded or has moved", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t)
		for _, code := range []int16{kerr.CoordinatorLoadInProgress.Code, kerr.NotCoordinator.Code, kerr.ConcurrentTransactions.Code} {
			cluster.ControlKey(int16(kmsg.InitProducerID), func(req kmsg.Request) (kmsg.Response, error, bool) {
				res := req.ResponseKind().(*kmsg.InitProducerIDResponse)
				res.ErrorCode = code
				return res, nil, true
			})
		}
		if _, err := newClient(t, settings(cluster.ListenAddrs())).Claim("id", produce.Nobody); err != nil {
			t.Errorf("got %v", err)
		}
	})

	t.Run("needs a right, and says which", func(t *testing.T) {
		t.Parallel()
		s := settings(kafkatest.Start(t, kfake.EnableSASL(), kfake.EnableACLs(),
			kfake.Superuser("PLAIN", "root", "p"), kfake.User("PLAIN", "u", "p")).ListenAddrs())
		s.SASL = client.SASL{Mechanism: "PLAIN", Username: config.NewText("u"), Password: config.NewSecret("p")}
		c := newClient(t, s)
		_, claimed := c.Claim("leat.p.kafka", produce.Nobody)
		for _, err := range []error{claimed, c.MayClaim("leat.p.kafka")} {
			err = fault.Mark(err)
			want := "TRANSACTIONAL_ID_AUTHORIZATION_FAILED): run kafka-acls.sh --bootstrap-server BROKER --add " +
				"--allow-principal User:u --operation Write --operation Describe --transactional-id leat.p.kafka"
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want a permanent error with %s", err, want)
			}
		}
	})
}
