package fault_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/IBM/sarama"
	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// The kinds that an error can have.
const (
	passing    = "transient, waited for in the sink"
	restart    = "transient, with a new producer"
	lasting    = "permanent"
	taken      = "another process has taken over"
	surprising = "not marked, counted by the host"
)

// kindOf tells the kind by what those who call see.
func kindOf(err error) string {
	marked := fault.Mark(err)
	switch {
	case sdk.IsSuperseded(marked):
		return taken
	case !sdk.IsTransient(marked):
		return lasting
	case fault.Retriable(err):
		return passing
	case !isMarked(marked):
		return surprising
	}
	return restart
}

// isMarked compares with what sdk.Transient makes of the same error.
func isMarked(err error) bool {
	return fmt.Sprintf("%T", err) == fmt.Sprintf("%T", sdk.Transient(err))
}

// kinds has every code that is not surprising.
var kinds = map[string][]int16{
	passing: {2, 3, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 51, 52, 56, 72, 74, 75, 80, 83, 89, 100, 103},
	restart: {45, 49, 59, 129},
	lasting: {10, 17, 18, 21, 29, 31, 32, 33, 34, 35, 37, 38, 39, 40, 42, 43, 44, 50, 53, 54, 58, 76, 87},
	taken:   {47, 90},
}

// renamed have another name in today's documentation than in franz-go.
var renamed = map[string]string{"NOT_LEADER_FOR_PARTITION": "NOT_LEADER_OR_FOLLOWER"}

func TestEveryCodeHasAKind(t *testing.T) {
	t.Parallel()
	want, got := map[string]string{}, map[string]string{}
	for code := int16(-1); code < 1000; code++ {
		known := kerr.TypedErrorForCode(code)
		if code == 0 || known == nil || known.Code != code {
			continue
		}
		name := known.Message
		if renamed[name] != "" {
			name = renamed[name]
		}
		want[name] = surprising
		for kind, codes := range kinds {
			if slices.Contains(codes, code) {
				want[name] = kind
			}
		}
		err := fmt.Errorf("somewhere: %w", sarama.KError(code))
		got[fault.Code(err)] = kindOf(err)
		if text := fault.Mark(err).Error(); !strings.Contains(text, name) || strings.HasSuffix(text, ")") {
			t.Errorf("%s says %q, without its name or a cure", name, text)
		}
	}
	if len(want) < 135 {
		t.Errorf("there are %d codes, which cannot be all", len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

func TestKindsWithoutACode(t *testing.T) {
	t.Parallel()
	dial := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
	}
	tests := map[string]struct {
		err  error
		kind string
	}{
		"nobody listens":             {dial(syscall.ECONNREFUSED), passing},
		"no route":                   {dial(syscall.EHOSTUNREACH), passing},
		"no answer":                  {os.ErrDeadlineExceeded, passing},
		"a name that is gone":        {&net.DNSError{Err: "no such host", Name: "kafka", IsNotFound: true}, passing},
		"a connection cut":           {io.EOF, passing},
		"in the middle of an answer": {io.ErrUnexpectedEOF, passing},
		"reset":                      {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, passing},
		"during the handshake":       {fmt.Errorf("tls: handshake: %w", io.EOF), passing},
		"all brokers are gone":       {sarama.Wrap(sarama.ErrOutOfBrokers, io.EOF, dial(syscall.ECONNREFUSED)), passing},
		"not connected":              {sarama.ErrNotConnected, passing},
		"a broker that has left":     {sarama.ErrBrokerNotFound, passing},
		"half an answer":             {sarama.ErrIncompleteResponse, passing},
		"no controller":              {sarama.ErrControllerNotAvailable, passing},
		"the end of a context":       {context.Canceled, passing},
		"our own closing":            {sarama.ErrClosedClient, restart},
		"a token endpoint away":      {sdk.Transient(errors.New("token endpoint: 503")), passing},
		"a client_secret refused":    {sdk.Permanent(errors.New("token endpoint: invalid_client")), lasting},
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		if got := kindOf(tests[name].err); got != tests[name].kind {
			t.Errorf("%s is %s, want %s", name, got, tests[name].kind)
		}
	}
}

// Only what has to do with a login or a certificate is given time.
func TestAccess(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]bool{
		sarama.ErrSASLAuthenticationFailed: true, sarama.ErrIllegalSASLState: true, sarama.ErrUnsupportedSASLMechanism: true,
		sdk.Permanent(io.EOF): true, &net.OpError{Op: "remote error", Err: io.EOF}: true,
		sarama.ErrTopicAuthorizationFailed: false, io.EOF: false, sarama.ErrMessageSizeTooLarge: false, sdk.Transient(io.EOF): false,
	} {
		if got := fault.Access(err); got != want {
			t.Errorf("%v: %v, want %v", err, got, want)
		}
	}
}
