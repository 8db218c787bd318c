package fault_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"testing"

	"github.com/IBM/sarama"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

func TestMark(t *testing.T) {
	t.Parallel()
	_, unusable := tlsconfig.Config{Mode: tlsconfig.VerifyCA, CA: config.NewText("/no/ca.pem")}.Client("")
	tests := map[string]struct {
		err       error
		transient bool
		retry     bool
		code      string
		text      string
	}{
		"an outage": {
			sarama.ErrNotEnoughReplicas, true, true, "NOT_ENOUGH_REPLICAS",
			"kafka server: Messages are rejected since there are fewer in-sync replicas than required (NOT_ENOUGH_REPLICAS): " +
				"bring replicas back, or lower the topic's min.insync.replicas",
		},
		"a code that sarama has no text for": {
			fmt.Errorf("end transaction: %w", sarama.ErrProducerFenced), false, false, "PRODUCER_FENCED",
			"end transaction: kafka server: another process has claimed the same transactional id and goes on in this one's place (PRODUCER_FENCED): " +
				"run the pipeline in one place only; if the other is another pipeline of the same name, give each a transactional_id of its own",
		},
		"a code that nobody knows": {
			sarama.KError(4711), true, false, "ERROR_4711",
			"kafka server: an error that this sink does not know (ERROR_4711): look at the broker's log",
		},
		"a code within others": {
			sarama.Wrap(sarama.ErrOutOfBrokers, io.EOF, sarama.ErrSASLAuthenticationFailed), false, false, "SASL_AUTHENTICATION_FAILED",
			"kafka: client has run out of available brokers to talk to: EOF\nkafka server: SASL Authentication failed (SASL_AUTHENTICATION_FAILED): " +
				"check sasl.mechanism, sasl.username and sasl.password, or sasl.token or sasl.oidc",
		},
		"a refused login with the broker's words": {
			sarama.Wrap(sarama.ErrOutOfBrokers, io.EOF, sarama.Wrap(sarama.ErrSASLAuthenticationFailed, errors.New("Invalid username or password"))),
			false, false, "SASL_AUTHENTICATION_FAILED",
			"kafka: client has run out of available brokers to talk to: EOF\nkafka server: SASL Authentication failed: Invalid username or password (SASL_AUTHENTICATION_FAILED): " +
				"check sasl.mechanism, sasl.username and sasl.password, or sasl.token or sasl.oidc",
		},
		"a connection that was closed": {
			io.EOF, true, true, "network", "EOF: the broker closed the connection: check that tls and sasl match its listener",
		},
		"a name that does not resolve": {
			&net.DNSError{Err: "no such host", Name: "kafka"}, true, true, "network",
			"lookup kafka: no such host: check the host names in brokers and in the brokers' advertised.listeners",
		},
		"an answer that is not TLS": {
			tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
			false, false, "access",
			"tls: first record does not look like a TLS handshake: the listener does not speak TLS: " +
				"set tls.mode to disabled or name the TLS listener in brokers",
		},
		"a file that is being replaced": {
			sarama.Wrap(sarama.ErrOutOfBrokers, unusable), true, true, "network",
			"kafka: client has run out of available brokers to talk to: tls.ca /no/ca.pem cannot be read: no such file or directory: " +
				"make the file readable to the user that leat runs as; name a PEM file, or write PEM",
		},
		"a client that was closed":         {sarama.ErrClosedClient, true, false, "network", sarama.ErrClosedClient.Error()},
		"something that cannot be encoded": {sarama.PacketEncodingError{Info: "x"}, false, false, "network", "kafka: error encoding packet: x"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := fault.Mark(tt.err)
			if diff := cmp.Diff(tt.text, got.Error()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if sdk.IsTransient(got) != tt.transient {
				t.Errorf("transient %v, want %v", sdk.IsTransient(got), tt.transient)
			}
			if !wraps(got, tt.err) {
				t.Error("the cause is lost")
			}
			if fault.Retriable(tt.err) != tt.retry {
				t.Errorf("retriable %v, want %v", !tt.retry, tt.retry)
			}
			if diff := cmp.Diff(tt.code, fault.Code(tt.err)); diff != "" {
				t.Errorf("code (-want +got):\n%s", diff)
			}
		})
	}

	t.Run("nil stays nil", func(t *testing.T) {
		t.Parallel()
		if err := fault.Mark(nil); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

// wraps is errors.Is for causes that cannot be compared as well.
func wraps(err, cause error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if reflect.DeepEqual(err, cause) {
			return true
		}
	}
	return false
}
