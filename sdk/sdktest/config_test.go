package sdktest_test

import (
	"errors"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// options of the plugins in memory.
type options struct {
	Size        int  `koanf:"size" required:"true" doc:"Size of it, at least 1."`
	Unreachable bool `koanf:"unreachable" doc:"The system is down."`
	Denied      bool `koanf:"denied" doc:"The system refuses."`
	fault       string
}

func (o *options) Validate() error {
	if o.Size < 1 && o.fault != "accepts all" {
		return config.At("size", "give 1 or more", errors.New("is too small"))
	}
	return nil
}

func (o *options) open() error {
	switch {
	case o.Unreachable:
		return sdk.Transient(errors.New("system is down"))
	case o.Denied && o.fault == "wrong kind of error":
		return errors.New("access denied")
	case o.Denied:
		return sdk.Permanent(errors.New("access denied"))
	}
	return nil
}

func defaults(fault string) func() options {
	return func() options { return options{fault: fault} }
}

func info(fault string) sdk.Info {
	i := sdk.Info{Name: "memory", Version: "1", Summary: "Keeps all in memory."}
	if fault == "no version" {
		i.Version = ""
	}
	return i
}

// leave starts a goroutine that nothing ends.
func leave(fault string) {
	if fault == "leaves a goroutine" {
		go func() { select {} }()
	}
}
