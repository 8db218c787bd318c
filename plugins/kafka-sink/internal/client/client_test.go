package client_test

import (
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
	"github.com/leat-io/leat/sdk/tlsconfig"
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
		tls    tlsconfig.Config
		want   string // part of the error
	}{
		"OK":                         {host: host, tls: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: config.NewText(ours.PEM)}},
		"with a client certificate":  {host: host, mutual: true, tls: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: config.NewText(ours.PEM), Cert: config.NewText(cert), Key: config.NewSecret(key)}},
		"with the name of the cert":  {host: "kafka", tls: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: config.NewText(ours.PEM), ServerName: "kafka"}},
		"without verification":       {host: "kafka", tls: tlsconfig.Config{Mode: tlsconfig.Required}},
		"a broker of another name":   {host: "kafka", tls: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: config.NewText(ours.PEM)}, want: "tls.server_name"},
		"an authority not trusted":   {host: host, tls: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: config.NewText(other.PEM)}, want: "tls.ca"},
		"the system's authorities":   {host: host, tls: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity}, want: "tls.ca"},
		"without client certificate": {host: host, mutual: true, tls: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: config.NewText(ours.PEM)}, want: "tls.cert"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(kafkatest.Start(t, kfake.TLS(ours.Server(t, tt.host, tt.mutual))).ListenAddrs())
			s.TLS = tt.tls
			err := connect(t, s)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("connect: %v", err)
			case tt.want != "" && (err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want a permanent error that names %s", err, tt.want)
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
