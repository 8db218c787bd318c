package main

import (
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk/config"
)

func validConfig() Config {
	c := DefaultConfig()
	c.TopicPrefix = "dbserver1"
	c.Registry.URLs = []string{"http://registry:8081", "https://r2/apis/ccompat/v7"}
	return c
}

func TestValidateConfig(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		edit func(*Config)
		want []string
	}{
		"OK":                     {func(*Config) {}, nil},
		"no prefix":              {func(c *Config) { c.TopicPrefix = "" }, []string{"topic_prefix"}},
		"a prefix with a blank":  {func(c *Config) { c.TopicPrefix = "a b" }, []string{`topic_prefix: "a b"`}},
		"no URL":                 {func(c *Config) { c.Registry.URLs = nil }, []string{"urls"}},
		"a URL without a scheme": {func(c *Config) { c.Registry.URLs[1] = "registry:8081" }, []string{`urls[1]: "registry:8081"`}},
		"a URL with credentials": {func(c *Config) { c.Registry.URLs[0] = "http://u:p@r" }, []string{"urls[0]: has a user or parameters in it"}},
		"a URL with a parameter": {func(c *Config) { c.Registry.URLs[0] = "http://r?key=p" }, []string{"urls[0]: has a user or parameters in it"}},
		"user and token":         {func(c *Config) { c.Registry.User, c.Registry.Token = config.NewText("u"), config.NewSecret("t") }, []string{"token"}},
		"password without user":  {func(c *Config) { c.Registry.Password = config.NewSecret("p") }, []string{"password"}},
		"certificate without key": {func(c *Config) {
			c.Registry.URLs[0], c.Registry.TLS.Cert = "https://r", config.NewText("-----BEGIN CERTIFICATE")
		}, []string{"tls: cert: is given without the other"}},
		"a missing authority": {func(c *Config) { c.Registry.URLs[0], c.Registry.TLS.CA = "https://r", config.NewText("/no/ca.pem") }, []string{"tls: ca: /no/ca.pem cannot be read"}},
		"certificates for http": {func(c *Config) {
			c.Registry.URLs, c.Registry.TLS.CA = []string{"http://r"}, config.NewText("/no/ca.pem")
		}, []string{"tls: is given, but no URL begins with https://"}},
		"https without TLS":   {func(c *Config) { c.Registry.URLs[0], c.Registry.TLS.Mode = "https://r", "disabled" }, []string{"tls: mode: is disabled"}},
		"a readable password": {func(c *Config) { c.Registry.User = config.NewText("u") }, []string{`urls[0]: "http://registry:8081" has no TLS`}},
		"a readable token": {func(c *Config) {
			c.Registry.URLs = []string{"https://a", "http://b"}
			c.Registry.Token = config.NewSecret("t")
		}, []string{`urls[1]: "http://b" has no TLS`}},
		"a password, as allowed": {func(c *Config) { c.Registry.User, c.Registry.AllowPlaintext = config.NewText("u"), true }, nil},
		"a password to localhost": {func(c *Config) {
			c.Registry.URLs, c.Registry.User = []string{"http://localhost:1", "http://[::1]:2"}, config.NewText("u")
		}, nil},
		"no timeout": {func(c *Config) { c.Registry.Timeout = -time.Second }, []string{"timeout: -1s"}},
		"all faults at once": {
			func(c *Config) { c.TopicPrefix, c.Registry.URLs, c.Registry.Timeout = "", nil, 0 },
			[]string{"topic_prefix", "urls", "timeout"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := validConfig()
			tt.edit(&c)
			err := c.Validate()
			if (err == nil) != (tt.want == nil) {
				t.Fatalf("got %v", err)
			}
			if err != nil && (strings.Contains(err.Error(), "u:p@") || strings.Contains(err.Error(), "key=p")) {
				t.Errorf("%v shows what may be secret", err)
			}
			for _, text := range tt.want {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q is not in %v", text, err)
				}
			}
		})
	}
}

func TestConfigDescribesItself(t *testing.T) {
	t.Parallel()
	fields, err := config.Describe(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string]bool{}
	for _, f := range fields {
		secrets[f.Key] = f.Secret
	}
	if !secrets["registry.password"] || !secrets["registry.token"] || secrets["registry.user"] {
		t.Errorf("got %v", secrets)
	}
}
