package config_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/leat-io/leat/sdk/config"
)

// Config is what a user of an imaginary sink writes.
type Config struct {
	Host     string        `koanf:"host" required:"true" doc:"Name of the server."`
	Password config.Secret `koanf:"password" doc:"Password of the user."`
	Timeout  time.Duration `koanf:"timeout" doc:"How long a request may take."`
	Buffer   config.Size   `koanf:"buffer" doc:"Bytes kept in memory at most."`
}

// DefaultConfig returns what counts where the user says nothing.
func DefaultConfig() Config {
	return Config{Timeout: 30 * time.Second, Buffer: 64 * config.MiB}
}

var errShort = errors.New("is below a second")

// Validate reports every fault that the types do not show.
func (c *Config) Validate() error {
	var errs []error
	if c.Timeout < time.Second {
		errs = append(errs, config.At("timeout", "set 1s or more", errShort))
	}
	return errors.Join(errs...)
}

func ExampleDecode() {
	cfg := DefaultConfig()
	problems := config.Decode([]byte(`{"host": "db1", "password": "pw", "buffer": "1MiB"}`), &cfg)
	fmt.Println(problems, cfg.Host, cfg.Password, cfg.Timeout, cfg.Buffer)

	for _, p := range config.Decode([]byte(`{"hots": "db1", "timeout": 10}`), &cfg) {
		fmt.Println(p)
	}
	// Output:
	// [] db1 *** 30s 1MiB
	// host: is required (set it: Name of the server)
	// timeout: is 10 (write a duration with a unit, such as 10s, 5m or 1h30m)
	// hots: is not a known key (did you mean host?)
}

func ExampleMarkdown() {
	fields, err := config.Describe(DefaultConfig())
	if err != nil {
		panic(err)
	}
	fmt.Print(config.Markdown(fields))
	// Output:
	// | key | type | default | |
	// | --- | --- | --- | --- |
	// | `host` | string | required | Name of the server. |
	// | `password` | string |  | Password of the user. |
	// | `timeout` | duration | `30s` | How long a request may take. |
	// | `buffer` | size | `64MiB` | Bytes kept in memory at most. |
}
