package main

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/leat-io/leat/plugins/avro-transform/internal/naming"
	"github.com/leat-io/leat/plugins/avro-transform/internal/registry"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/oidc"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// What Config.Headers can be.
const (
	headersDebezium  = "debezium"
	headersKeyChange = "key_change"
	headersNone      = "none"
)

// Config is what a user writes under the transform's config key.
type Config struct {
	TopicPrefix string   `koanf:"topic_prefix" required:"true" doc:"First part of every topic and of every Avro namespace, Debezium's topic.prefix. Letters, digits, dot, underscore and hyphen."`
	Registry    Registry `koanf:"registry" doc:"The schema registry."`
	Tombstones  bool     `koanf:"tombstones" doc:"Send a message without a value after each delete, so that compaction forgets the key."`
	Headers     string   `koanf:"headers" options:"debezium,key_change,none" doc:"Headers to send: all of Debezium's, only those that name the other key where an update changed it, or none."`

	SubjectNaming        naming.Strategy   `koanf:"subject_naming" options:"topic,record,topic_record" doc:"How subjects are named, as Confluent's TopicNameStrategy, RecordNameStrategy and TopicRecordNameStrategy do."`
	SchemaNameAdjustment naming.Adjustment `koanf:"schema_name_adjustment" options:"auto,avro,avro_strict,avro_unicode,none" doc:"What becomes of characters that Avro does not allow in names of records. avro: an underscore, as in Debezium. avro_strict: one also before a digit that begins a part of the name. auto: as avro, and avro_strict for a table whose schema the registry cannot read otherwise. avro_unicode: a code like _u002d. none: nothing."`
	FieldNameAdjustment  naming.Adjustment `koanf:"field_name_adjustment" options:"avro,avro_unicode,none" doc:"The same for names of columns."`
}

// Registry says where the schema registry is and how to use it.
type Registry struct {
	URLs           []string         `koanf:"urls" required:"true" doc:"URLs of the registry's nodes, up to the path of the Confluent API. They are asked in turn until one answers."`
	User           config.Text      `koanf:"user" doc:"Name for basic authentication."`
	Password       config.Secret    `koanf:"password" doc:"Password for basic authentication."`
	Token          config.Secret    `koanf:"token" doc:"Bearer token, instead of user and password."`
	TLS            tlsconfig.Config `koanf:"tls" doc:"Encryption of https URLs."`
	AllowPlaintext bool             `koanf:"allow_plaintext" doc:"Send password or token to http URLs of other machines. Whoever is on the network can then read them."`
	Timeout        time.Duration    `koanf:"timeout" doc:"How long one request to one node may take."`
	AutoRegister   bool             `koanf:"auto_register" doc:"Register new schemas. If false, a schema that is not there stops the pipeline."`

	OIDC    oidc.Config       `koanf:"oidc" doc:"Where the Bearer token comes from, instead of token: an OpenID Connect provider that gives them by client credentials."`
	Headers map[string]string `koanf:"headers" doc:"Headers to send with each request, such as Confluent Cloud's target-sr-cluster and Confluent-Identity-Pool-Id."`
}

// DefaultConfig returns what holds where the user says nothing.
func DefaultConfig() Config {
	return Config{
		Registry:             Registry{TLS: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity}, Timeout: 10 * time.Second, AutoRegister: true, OIDC: oidc.DefaultConfig()},
		Tombstones:           true,
		Headers:              headersDebezium,
		SubjectNaming:        naming.TopicName,
		SchemaNameAdjustment: naming.Auto,
		FieldNameAdjustment:  naming.Avro,
	}
}

var (
	errPrefix   = errors.New("must have letters, digits, dot, underscore and hyphen only")
	errNoURL    = errors.New("has no URL")
	errURL      = errors.New("is not an http or https URL")
	errInURL    = errors.New("has a user or parameters in it, which may be secret and are not shown")
	errBoth     = errors.New("is given together with user")
	errNoUser   = errors.New("is given without user")
	errReadable = errors.New("has no TLS: whoever is on the network could read the password or token")
	errNoHTTPS  = errors.New("is given, but no URL begins with https://")
	errTimeout  = errors.New("must be longer than 0s")
)

// Validate returns all faults that can be seen without the registry.
func (c Config) Validate() error {
	var prefix error
	if !naming.IsTopicPrefix(c.TopicPrefix) {
		prefix = config.At("topic_prefix", "choose one like dbserver1", fmt.Errorf("%q %w", c.TopicPrefix, errPrefix))
	}
	return errors.Join(prefix, config.At("registry", "", c.Registry.Validate()))
}

// Validate returns the faults of the registry's part.
func (r Registry) Validate() error {
	var faults []error
	fault := func(path, cure string, err error) { faults = append(faults, config.At(path, cure, err)) }
	if len(r.URLs) == 0 {
		fault("urls", "list at least one, like [http://registry:8081]", errNoURL)
	}
	for i, u := range r.URLs {
		switch at := fmt.Sprintf("urls[%d]", i); {
		case strings.ContainsAny(u, "@?"):
			fault(at, "write it like https://registry:8081, and what logs in under registry.user, registry.password or registry.token", errInURL)
		case !isHTTP(u):
			fault(at, "write it like https://registry:8081", fmt.Errorf("%q %w", u, errURL))
		}
	}
	if !r.Token.IsZero() && !r.User.IsZero() {
		fault("token", "keep one of the two", errBoth)
	}
	if !r.Password.IsZero() && r.User.IsZero() {
		fault("password", "set registry.user", errNoUser)
	}
	faults = append(faults, r.validateTLS(), r.validatePlaintext())
	if r.Timeout <= 0 {
		fault("timeout", "set it to 10s", fmt.Errorf("%v %w", r.Timeout, errTimeout))
	}
	return errors.Join(append(faults, r.validateBearer())...)
}

// validatePlaintext refuses to send credentials that others on the network can read.
func (r Registry) validatePlaintext() error {
	if r.AllowPlaintext || r.User.IsZero() && r.Token.IsZero() && !r.OIDC.IsSet() {
		return nil
	}
	var faults []error
	for i, text := range r.URLs {
		if u, err := url.Parse(text); err == nil && u.Scheme == "http" && !tlsconfig.Loopback(u.Hostname()) {
			faults = append(faults, config.At(fmt.Sprintf("urls[%d]", i),
				"write https://, or set registry.allow_plaintext to true if the network is safe", fmt.Errorf("%q %w", text, errReadable)))
		}
	}
	return errors.Join(faults...)
}

// validateTLS checks the files, and that they are of use.
func (r Registry) validateTLS() error {
	https := func(u string) bool { return strings.HasPrefix(u, "https:") }
	if r.TLS.Given() && !slices.ContainsFunc(r.URLs, https) {
		return config.At("tls", "write https:// in urls, or remove it", errNoHTTPS)
	}
	return config.At("tls", "", r.TLS.Validate(tlsconfig.Disabled, tlsconfig.Preferred))
}

func isHTTP(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func (c Config) rules() naming.Rules {
	return naming.Rules{TopicPrefix: c.TopicPrefix, Subject: c.SubjectNaming, Schema: c.SchemaNameAdjustment, Field: c.FieldNameAdjustment}
}

func (r Registry) endpoint() registry.Endpoint {
	e := registry.Endpoint{
		URLs: r.URLs, User: r.User, Password: r.Password, Token: r.Token, TLS: r.TLS, Timeout: r.Timeout, Headers: r.Headers,
	}
	if r.OIDC.IsSet() {
		e.Provider = r.OIDC.Source()
	}
	return e
}
