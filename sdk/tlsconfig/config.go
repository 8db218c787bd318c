// Package tlsconfig is the tls block of a plugin's configuration, the same for
// every system that a plugin connects to, and makes of it what crypto/tls takes.
//
// Files are read again for each connection, as certificates are renewed while a
// pipeline runs. The package opens no connection itself.
//
// Start reading at Config, then Client.
package tlsconfig

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/sdk/config"
)

// The modes, in rising strictness. They mean what --ssl-mode of MySQL's clients does.
const (
	Disabled       = "disabled"
	Preferred      = "preferred"
	Required       = "required"
	VerifyCA       = "verify_ca"
	VerifyIdentity = "verify_identity"
)

// Config is what a user writes under tls. Its plugin gives Mode a default.
type Config struct {
	Mode       string        `koanf:"mode" options:"disabled,preferred,required,verify_ca,verify_identity" doc:"disabled: no TLS. preferred: TLS if the server has it, for MySQL alone. required: TLS, with whoever answers. verify_ca: with a server whose certificate an authority of ca has signed. verify_identity: whose certificate also has the name that it is reached by. Only the last two keep others on the network from reading and changing what is sent."`
	CA         config.Text   `koanf:"ca" doc:"Authorities that sign the server's certificate: the path of a PEM file, or PEM. Empty for those of the system. Read again for each connection, like cert and key."`
	Cert       config.Text   `koanf:"cert" doc:"Certificate to show to the server, with those between it and its authority: the path of a PEM file, or PEM."`
	Key        config.Secret `koanf:"key" doc:"Private key of that certificate: the path of a PEM file, or PEM."`
	ServerName string        `koanf:"server_name" doc:"Name that the server's certificate has, if it is not the one that it is reached by."`
}

// Enabled says whether connections are encrypted, or may be.
func (c Config) Enabled() bool { return c.Mode != "" && c.Mode != Disabled }

// Verified says whether the server has to show who it is.
func (c Config) Verified() bool { return c.Mode == VerifyCA || c.Mode == VerifyIdentity }

// Changing says whether the authorities come from a file, which may be renewed.
func (c Config) Changing() bool {
	return c.CA.FromFile() || !c.CA.IsZero() && !strings.Contains(c.CA.String(), begin)
}

// Given says whether there is more than a mode.
func (c Config) Given() bool {
	return !c.CA.IsZero() || !c.Cert.IsZero() || !c.Key.IsZero() || c.ServerName != ""
}

// Validate reports all faults, of the files too. Modes that the system does not
// know are refused.
func (c Config) Validate(refused ...string) error {
	if slices.Contains(refused, c.Mode) {
		return config.At("mode", "use "+VerifyIdentity, fmt.Errorf("is %s, which does not serve here", c.Mode))
	}
	if !c.Enabled() {
		if c.Given() {
			return config.At("mode", "set it to "+VerifyIdentity+", or remove the other keys", errors.New("is disabled, but there are other keys"))
		}
		return nil
	}
	var unused error
	if !c.CA.IsZero() && !c.Verified() {
		unused = config.At("ca", fmt.Sprintf("set mode to %s or %s, or remove it", VerifyIdentity, VerifyCA),
			fmt.Errorf("is not used by mode %s, which takes any certificate of the server", c.Mode))
	}
	_, err := c.Client("")
	return errors.Join(unused, located(err))
}

// located turns a fault into one at its key.
func located(err error) error {
	if f, ok := errors.AsType[*fault](err); ok {
		return config.At(f.key, f.cure, config.Passing(f.err))
	}
	return err
}

// Unusable says whether err is that a file or text of the block cannot be used, as
// while somebody replaces it. Its text has the cure.
func Unusable(err error) bool {
	_, ok := errors.AsType[*fault](err)
	return ok
}

// fault is what is wrong with the value of a key: its text, or the file that it
// names. Somebody may be replacing the file.
type fault struct {
	key, cure string
	err       error
}

// Error names the key and the cure.
func (f *fault) Error() string { return fmt.Sprintf("tls.%s %v: %s", f.key, f.err, f.cure) }

func (f *fault) Unwrap() error { return f.err }
