package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// plaintext says whether logins go over the network without TLS.
func (c Config) plaintext() bool {
	return c.SASL.Mechanism != noSASL && !c.TLS.Enabled() && slices.ContainsFunc(c.Brokers, client.Remote)
}

// validatePlaintext refuses to send what others on the network must not read.
func (c Config) validatePlaintext() error {
	secret, readable := map[string]string{"PLAIN": "password", oauth: "token"}[c.SASL.Mechanism]
	if !readable || c.SASL.AllowPlaintext || !c.plaintext() {
		return nil
	}
	return config.At("mechanism", "set tls.mode to verify_identity, or sasl.allow_plaintext to true if the network is safe",
		fmt.Errorf("is %s, which sends the %s readable to whoever is on the network, as tls.mode is disabled", c.SASL.Mechanism, secret))
}

// scramWithoutTLS warns: SCRAM does not send the password, but who records the
// login can try passwords against it, and the records are readable.
func (c Config) scramWithoutTLS() []sdk.Finding {
	if !strings.HasPrefix(c.SASL.Mechanism, "SCRAM-") || !c.plaintext() {
		return nil
	}
	return []sdk.Finding{{
		Severity: sdk.Warning, Check: "encryption", Path: "tls.mode",
		Message: "is disabled: whoever is on the network can read the records, and try passwords against a login by " + c.SASL.Mechanism,
		Cure:    "set it to verify_identity",
	}}
}
