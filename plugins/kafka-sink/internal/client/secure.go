package client

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// Remote says whether the address of a broker, host:port, is on another machine.
func Remote(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err != nil || !tlsconfig.Loopback(host)
}

// secureDialer makes connections that are encrypted before sarama gets them, each
// with the certificates that there are now; sarama would take the same for all.
type secureDialer struct {
	*dialer
	settings *Settings
}

// Dial connects to a broker. Brokers also name each other, so one may be elsewhere
// than those of the configuration.
func (d *secureDialer) Dial(network, address string) (net.Conn, error) {
	if s := d.settings; !s.TLS.Enabled() && s.SASL.readable() && !s.SASL.AllowPlaintext && Remote(address) {
		return nil, sdk.Permanent(fmt.Errorf("broker %s is another machine: set tls.mode to verify_identity, or sasl.allow_plaintext to true "+
			"if the network is safe, to log in there by %s", address, s.SASL.Mechanism))
	}
	c, err := d.dialer.Dial(network, address)
	if err != nil {
		return nil, err
	}
	secured, err := d.secure(c, address)
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	if d.settings.SASL.Mechanism == sarama.SASLTypePlaintext {
		return &plainConn{Conn: secured, sasl: d.settings.SASL}, nil
	}
	return secured, nil
}

func (d *secureDialer) secure(c net.Conn, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	conf, err := d.settings.TLS.Client(host)
	if conf == nil || err != nil {
		return c, err
	}
	ctx, cancel := context.WithTimeout(d.ctx, d.settings.DialTimeout)
	defer cancel()
	conn := tls.Client(c, conf)
	return conn, conn.HandshakeContext(ctx)
}
