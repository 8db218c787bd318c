package config_test

import (
	"errors"
	"net/netip"
	"time"

	"github.com/leat-io/leat/sdk/config"
)

// sample has a field of every kind.
type sample struct {
	Name     string                   `koanf:"name" doc:"Name of it. It has a second sentence." required:"true"`
	Mode     string                   `koanf:"mode" doc:"How it works." options:"fast,slow"`
	Debug    bool                     `koanf:"debug" doc:"Say more."`
	Port     uint16                   `koanf:"port" doc:"Where it listens."`
	Retries  int                      `koanf:"retries" doc:"Tries." unit:"requests"`
	Ratio    float64                  `koanf:"ratio" doc:"Share."`
	Wait     time.Duration            `koanf:"wait" doc:"Pause."`
	Limit    config.Size              `koanf:"limit" doc:"Most bytes."`
	Password config.Secret            `koanf:"password" doc:"Shown to nobody."`
	Address  netip.Addr               `koanf:"address" doc:"IP address."`
	Tables   []string                 `koanf:"tables" doc:"Tables | patterns."`
	Formats  []string                 `koanf:"formats" doc:"Formats." options:"a,b"`
	Labels   map[string]string        `koanf:"labels" doc:"Labels."`
	Free     map[string]any           `koanf:"free" doc:"Anything."`
	TLS      tls                      `koanf:"tls" doc:"Encryption."`
	Auth     *auth                    `koanf:"auth" doc:"Login, if any."`
	Rules    []rule                   `koanf:"rules" doc:"Rules."`
	Topics   map[string]topic         `koanf:"topics" doc:"Topics by name."`
	Optional *int                     `koanf:"optional" doc:"A number or none."`
	Keys     map[string]config.Secret `koanf:"keys" doc:"Keys by name."`
	Ignored  string                   `koanf:"-"`
	hidden   string
}

type tls struct {
	CAFile string `koanf:"ca_file" doc:"File of the authority."`
	Enable bool   `koanf:"enable" doc:"Turn it on."`
}

type auth struct {
	User     string        `koanf:"user" doc:"User." required:"true"`
	Password config.Secret `koanf:"password" doc:"Password."`
}

type rule struct {
	Match string `koanf:"match" doc:"What it matches." required:"true"`
}

type topic struct {
	Partitions int `koanf:"partitions" doc:"How many."`
}

func defaults() sample {
	return sample{
		Mode: "fast", Port: 80, Ratio: 0.5, Wait: 10 * time.Minute, Limit: 64 * config.MiB,
		Address: netip.MustParseAddr("127.0.0.1"), Tables: []string{"a", "b"},
		Labels: map[string]string{"x": "y"}, TLS: tls{CAFile: "/etc/ca"}, hidden: "unused",
	}
}

var (
	errMode  = errors.New("slow needs a wait")
	errTable = errors.New("is listed twice")
	errOther = errors.New("does not fit")
)

func (s *sample) Validate() error {
	var errs []error
	if s.Mode == "slow" && s.Wait == 0 {
		errs = append(errs, config.At("wait", "set a wait", errMode), errOther)
	}
	if len(s.Tables) == 2 && s.Tables[0] == s.Tables[1] {
		errs = append(errs, config.At("tls", "mend it", errors.Join(config.At("ca_file", "", errTable))))
	}
	return errors.Join(errs...)
}
