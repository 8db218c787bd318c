package client_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

func TestMain(m *testing.M) { kafkatest.Run(m) }

func settings(addresses []string) client.Settings {
	return client.Settings{Brokers: addresses, ClientID: "test", DialTimeout: time.Second, RequestTimeout: 5 * time.Second}
}

// connect makes a client and has it talk to the cluster.
func connect(t *testing.T, s client.Settings) error {
	t.Helper()
	c, err := client.New(s)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	_, err = c.InitProducerID()
	return fault.Mark(err)
}

func TestSASL(t *testing.T) {
	t.Parallel()
	mechanisms := map[string]client.SASL{
		"PLAIN":         {Mechanism: "PLAIN", Username: config.NewText("u"), Password: config.NewSecret("p")},
		"SCRAM-SHA-256": {Mechanism: "SCRAM-SHA-256", Username: config.NewText("u"), Password: config.NewSecret("p")},
		"SCRAM-SHA-512": {Mechanism: "SCRAM-SHA-512", Username: config.NewText("u"), Password: config.NewSecret("p")},
	}
	for name, sasl := range mechanisms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(kafkatest.Start(t, kfake.EnableSASL(), kfake.Superuser(name, "u", "p")).ListenAddrs())
			s.SASL = sasl
			if err := connect(t, s); err != nil {
				t.Errorf("connect: %v", err)
			}
			s.SASL.Password = config.NewSecret("wrong")
			if err := connect(t, s); err == nil {
				t.Error("connected with a wrong password")
			}
		})
	}

	t.Run("a refused login is permanent", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t, kfake.EnableSASL(), kfake.Superuser("PLAIN", "u", "p"))
		cluster.RefuseLogin()
		s := settings(cluster.ListenAddrs())
		s.SASL = mechanisms["PLAIN"]
		err := connect(t, s)
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "sasl.password") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("an unknown mechanism is permanent", func(t *testing.T) {
		t.Parallel()
		s := settings([]string{"127.0.0.1:1"})
		s.SASL.Mechanism = "GSSAPI"
		if err := connect(t, s); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "GSSAPI") {
			t.Errorf("got %v", err)
		}
	})
}

func TestTLS(t *testing.T) {
	t.Parallel()
	const host = "127.0.0.1"
	ours, other := kafkatest.NewAuthority(t), kafkatest.NewAuthority(t)
	cert, key := ours.Issue(t, "sink")
	tests := map[string]struct {
		host   string // in the broker's certificate
		mutual bool
		tls    client.TLS
		want   string // part of the error
	}{
		"OK":                         {host: host, tls: client.TLS{CA: ours.PEM}},
		"with a client certificate":  {host: host, mutual: true, tls: client.TLS{CA: ours.PEM, Cert: cert, Key: key}},
		"with the name of the cert":  {host: "kafka", tls: client.TLS{CA: ours.PEM, ServerName: "kafka"}},
		"without verification":       {host: "kafka", tls: client.TLS{SkipVerification: true}},
		"a broker of another name":   {host: "kafka", tls: client.TLS{CA: ours.PEM}, want: "tls.server_name"},
		"an authority not trusted":   {host: host, tls: client.TLS{CA: other.PEM}, want: "tls.ca"},
		"the system's authorities":   {host: host, tls: client.TLS{}, want: "tls.ca"},
		"without client certificate": {host: host, mutual: true, tls: client.TLS{CA: ours.PEM}, want: "tls.cert"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(kafkatest.Start(t, kfake.TLS(ours.Server(t, tt.host, tt.mutual))).ListenAddrs())
			var err error
			if s.TLS, err = tt.tls.Config(); err != nil {
				t.Fatal(err)
			}
			err = connect(t, s)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("connect: %v", err)
			case tt.want != "" && (err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want a permanent error that names %s", err, tt.want)
			}
		})
	}
}

func TestTLSConfig(t *testing.T) {
	t.Parallel()
	a := kafkatest.NewAuthority(t)
	cert, key := a.Issue(t, "sink")
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, []byte(a.PEM), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		tls  client.TLS
		want string
	}{
		"OK":                           {client.TLS{CA: path, Cert: cert, Key: key}, ""},
		"a missing file":               {client.TLS{CA: "/no/such/file"}, "read tls.ca: open /no/such/file"},
		"an authority that is not one": {client.TLS{CA: "-----BEGIN nothing"}, "read tls.ca: no certificate"},
		"a certificate without a key":  {client.TLS{Cert: cert}, "tls.cert and tls.key go together"},
		"a key without a certificate":  {client.TLS{Key: key}, "tls.cert and tls.key go together"},
		"a missing certificate":        {client.TLS{Cert: "/no", Key: key}, "read tls.cert"},
		"a missing key":                {client.TLS{Cert: cert, Key: "/no"}, "read tls.key"},
		"a key of another kind":        {client.TLS{Cert: cert, Key: cert}, "use tls.cert and tls.key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tt.tls.Config()
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	c, err := client.New(settings(kafkatest.Start(t).ListenAddrs()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.InitProducerID(); err != nil {
		t.Fatal(err)
	}
	c.Cut()
	if _, err := c.InitProducerID(); err == nil {
		t.Error("a client that was cut goes on")
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	address := kafkatest.Start(t).ListenAddrs()[0]
	c, err := client.New(settings([]string{address}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.Probe(address); err != nil {
		t.Errorf("probe: %v", err)
	}
	if err := c.Probe("127.0.0.1:1"); err == nil {
		t.Error("nobody answered")
	}
}

func TestInitProducerID(t *testing.T) {
	t.Parallel()
	refuse := func(c *kafkatest.Cluster, code int16) {
		c.ControlKey(int16(kmsg.InitProducerID), func(req kmsg.Request) (kmsg.Response, error, bool) {
			res := req.ResponseKind().(*kmsg.InitProducerIDResponse)
			res.ErrorCode = code
			return res, nil, true
		})
	}
	t.Run("waits for a cluster that has just come up", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t)
		refuse(cluster, kerr.CoordinatorLoadInProgress.Code)
		refuse(cluster, kerr.CoordinatorNotAvailable.Code)
		if err := connect(t, settings(cluster.ListenAddrs())); err != nil {
			t.Errorf("connect: %v", err)
		}
	})
	t.Run("does not wait for a right", func(t *testing.T) {
		t.Parallel()
		cluster := kafkatest.Start(t)
		refuse(cluster, kerr.ClusterAuthorizationFailed.Code)
		if err := connect(t, settings(cluster.ListenAddrs())); err == nil || sdk.IsTransient(err) {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
}
