package pipeline

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/leat-io/leat/sdk/config"
)

const (
	maxName     = 63
	minBuffer   = config.MiB
	minInterval = 10 * time.Millisecond
	sha256Chars = 64
)

var (
	namePattern   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	pluginPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	shaPattern    = regexp.MustCompile(`^[0-9a-fA-F]+$`)
)

// Validate reports all faults that the types of the fields do not show.
func (c *Config) Validate() error {
	return errors.Join(
		config.At("pipeline", "", checkName(c.Pipeline)),
		config.At("source", "", c.Source.Validate()),
		c.validateTransform(),
		c.validateSinks(),
		atLeast("buffer", c.Buffer, minBuffer),
		config.At("checkpoint", "", c.Checkpoint.Validate()),
		config.At("restart", "", c.Restart.Validate()),
		atLeast("stop_timeout", c.StopTimeout, minInterval),
	)
}

func (c *Config) validateTransform() error {
	if c.Transform == nil {
		return nil
	}
	return config.At("transform", "", c.Transform.Validate())
}

func (c *Config) validateSinks() error {
	var errs []error
	if n := len(c.Sinks); n > MaxSinks {
		errs = append(errs, config.At("sinks", "spread them over several pipelines",
			fmt.Errorf("has %d sinks, more than %d", n, MaxSinks)))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Sinks)) {
		sink := c.Sinks[name]
		errs = append(errs, config.At("sinks."+name, "", errors.Join(checkSinkName(name), sink.Validate())))
	}
	return errors.Join(errs...)
}

// Validate checks the names; what the plugin takes is the plugin's to check.
func (c *StageConfig) Validate() error {
	var errs []error
	if !pluginPattern.MatchString(c.Plugin) {
		errs = append(errs, config.At("plugin", "write the name of a file in the plugin folder, without path",
			fmt.Errorf("is %q, which is not the name of a plugin", c.Plugin)))
	}
	if c.SHA256 != "" && (len(c.SHA256) != sha256Chars || !shaPattern.MatchString(c.SHA256)) {
		errs = append(errs, config.At("sha256", "write the 64 hex digits that sha256sum prints",
			fmt.Errorf("is %q, which is not a SHA-256", c.SHA256)))
	}
	return errors.Join(append(errs, c.validateEnv())...)
}

func (c *StageConfig) validateEnv() error {
	var errs []error
	for i, name := range c.Env {
		at := fmt.Sprintf("env[%d]", i)
		if !variablePattern.MatchString(name) {
			errs = append(errs, config.At(at, "write a name alone, as in HTTPS_PROXY; its value comes from leat's environment",
				errors.New("is not the name of a variable")))
		}
		if slices.Contains(c.Env[:i], name) {
			errs = append(errs, config.At(at, "remove one of the two", fmt.Errorf("lists %s again", name)))
		}
	}
	return errors.Join(errs...)
}

// Validate reports an interval too short, or no folder.
func (c *CheckpointConfig) Validate() error {
	var empty error
	if c.Dir == "" {
		empty = config.At("dir", "name a folder that survives a restart", errors.New("is empty"))
	}
	return errors.Join(empty, atLeast("interval", c.Interval, minInterval))
}

// Validate reports a budget that cannot be kept.
func (c *RestartConfig) Validate() error {
	var order error
	if c.InitialBackoff > c.MaxBackoff {
		order = config.At("initial_backoff", "lower it, or raise max_backoff",
			fmt.Errorf("is %s, longer than max_backoff, which is %s", config.FormatDuration(c.InitialBackoff), config.FormatDuration(c.MaxBackoff)))
	}
	return errors.Join(
		atLeast("max", c.Max, 0),
		atLeast("window", c.Window, minInterval),
		atLeast("initial_backoff", c.InitialBackoff, time.Millisecond),
		order,
	)
}

func checkSinkName(name string) error {
	if name == SourceName || name == TransformName {
		return config.At("", "give the sink another name", fmt.Errorf("%q names another stage in logs and metrics", name))
	}
	return checkName(name)
}

func checkName(name string) error {
	if len(name) <= maxName && namePattern.MatchString(name) {
		return nil
	}
	return config.At("", "use lower-case letters, digits and dashes, at most 63, with no dash at either end",
		fmt.Errorf("%q is not a valid name", name))
}

func atLeast[T interface {
	~int | ~int64
}](key string, value, least T,
) error {
	if value >= least {
		return nil
	}
	return config.At(key, fmt.Sprintf("set %v or more", least), fmt.Errorf("is %v, less than %v", value, least))
}
