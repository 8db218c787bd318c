// Package fault says of an error from Kafka what it means, whether trying again
// can help, and what a person can do about it. It completes sarama's texts; it
// does not decide how often something is tried.
//
// Start reading at Mark; the table of codes is in codes.go.
package fault

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/oidc"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// kind says who ends an error's cause. The zero kind surprises: nobody knows, and
// the host counts how often it comes.
type kind byte

const (
	// passing ends by itself; the same request succeeds then.
	passing kind = iota + 1
	// restart needs a new producer.
	restart
	// lasting needs a person.
	lasting
	// taken means that another process goes on in this one's place.
	taken
)

// Mark completes err with the cure and marks it as transient or permanent, or as
// neither if it surprises. It is called once for an error, where it leaves
// sarama. It returns nil for nil.
func Mark(err error) error {
	if err == nil {
		return nil
	}
	known := kindOf(err)
	err = &reworded{text: Text(err), err: err}
	switch known {
	case passing, restart:
		return sdk.Transient(err)
	case lasting:
		return sdk.Permanent(err)
	case taken:
		return sdk.Superseded(err)
	}
	return err
}

// Text returns what an error says and what to do about it in one line.
func Text(err error) string {
	message, cure := Explain(err)
	if cure == "" {
		return message
	}
	return message + ": " + cure
}

// Explain returns what an error says, and what to do about it, empty if that is
// not known.
func Explain(err error) (message, cure string) {
	message, cure = explain(err)
	var known *cured
	if errors.As(err, &known) {
		cure = known.cure
	}
	return message, cure
}

func explain(err error) (message, cure string) {
	message = err.Error()
	code, ok := codeOf(err)
	switch c, known := codes[code]; {
	case ok && known:
		if c.text != "" {
			message = strings.ReplaceAll(message, code.Error(), c.text)
		}
		return fmt.Sprintf("%s (%s)", message, c.name), c.cure
	case ok:
		if foreign[code] == "" {
			message = strings.ReplaceAll(message, code.Error(), "kafka server: an error that this sink does not know")
		}
		return fmt.Sprintf("%s (%s)", message, Code(err)), "look at the broker's log"
	case unsendable(err), !sdk.IsTransient(err), errors.Is(err, sarama.ErrClosedClient), tokenless(err), tlsconfig.Unusable(err):
		return message, ""
	}
	if cure = transportCure(err); cure == "" {
		cure = unreachableCure(err)
	}
	return message, cure
}

func kindOf(err error) kind {
	if code, ok := codeOf(err); ok {
		return codes[code].kind
	}
	switch {
	case transportCure(err) != "", unsendable(err), !sdk.IsTransient(err):
		return lasting
	case errors.Is(err, sarama.ErrClosedClient):
		return restart
	}
	return passing
}

// Retriable says whether the same request succeeds later on, once something has
// passed.
func Retriable(err error) bool { return kindOf(err) == passing }

// Access says that the brokers do not let the sink in, or cannot show who they
// are: by SASL or TLS. A person has to mend it, unless credentials are being
// changed on both sides.
func Access(err error) bool {
	code, ok := codeOf(err)
	switch {
	case !ok:
		return transportCure(err) != "" || !sdk.IsTransient(err)
	case code == sarama.ErrSASLAuthenticationFailed, code == sarama.ErrIllegalSASLState, code == sarama.ErrUnsupportedSASLMechanism:
		return true
	}
	return false
}

// Answered says that a broker has said so itself.
func Answered(err error) bool {
	_, ok := codeOf(err)
	return ok
}

// Code returns the name that Kafka's documentation gives to the code in err;
// "access" for an error without one that lets nobody in, else "network". Metrics
// are labelled with it.
func Code(err error) string {
	code, ok := codeOf(err)
	switch c, known := codes[code]; {
	case ok && known:
		return c.name
	case ok && foreign[code] != "":
		return foreign[code]
	case ok:
		return fmt.Sprintf("ERROR_%d", int16(code))
	case Access(err):
		return "access"
	}
	return "network"
}

// codeOf finds the broker's code in err. Sarama wraps that of a login together
// with the broker's words, so that it can be compared but not unwrapped.
func codeOf(err error) (sarama.KError, bool) {
	var code sarama.KError
	if errors.As(err, &code) {
		return code, true
	}
	for _, code := range []sarama.KError{sarama.ErrSASLAuthenticationFailed, sarama.ErrUnsupportedSASLMechanism, sarama.ErrIllegalSASLState} {
		if errors.Is(err, code) {
			return code, true
		}
	}
	return 0, false
}

// unsendable is an error that sarama finds before anything is sent.
func unsendable(err error) bool {
	var encoding sarama.PacketEncodingError
	var config sarama.ConfigurationError
	return errors.As(err, &encoding) || errors.As(err, &config)
}

// tokenless says that the provider of tokens is at fault, which says why itself.
func tokenless(err error) bool {
	var provider *oidc.Error
	return errors.As(err, &provider)
}

// transportCure returns what to do about a fault of TLS that stays until
// somebody changes the configuration, "" for any other error.
func transportCure(err error) string {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		remote    *net.OpError
	)
	switch {
	case errors.As(err, &authority):
		return "set tls.ca to the authority that signed the broker's certificate"
	case errors.As(err, &hostname):
		return "name the broker as its certificate does, or set tls.server_name"
	case errors.As(err, &invalid):
		return "renew the broker's certificate"
	case errors.As(err, &record):
		return "the listener does not speak TLS: set tls.mode to disabled or name the TLS listener in brokers"
	case errors.As(err, &remote) && remote.Op == "remote error": // an alert of TLS
		return "the broker refused the TLS handshake: set tls.cert and tls.key to a certificate it trusts"
	}
	return ""
}

func unreachableCure(err error) string {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return "check the host names in brokers and in the brokers' advertised.listeners"
	case errors.Is(err, io.EOF):
		return "the broker closed the connection: check that tls and sasl match its listener"
	}
	return "check that the brokers run and can be reached from here, under the names in their advertised.listeners too"
}

// reworded has another text than the error it stands for.
type reworded struct {
	text string
	err  error
}

func (r *reworded) Error() string { return r.text }
func (r *reworded) Unwrap() error { return r.err }
