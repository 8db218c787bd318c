package main

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/sdk/profile"
)

// profiled runs f, and profiles this process meanwhile if dir is not empty. The
// plugins profile themselves: they inherit the variable that names the folder.
func profiled(dir string, f func() error) error {
	if dir == "" {
		return f()
	}
	stop, err := profile.Start(dir, "leat")
	if err != nil {
		return fmt.Errorf("profile into %s=%s: %w; unset it to run without", profile.Env, dir, err)
	}
	err = f()
	if perr := stop(); perr != nil {
		err = errors.Join(err, fmt.Errorf("profile into %s=%s: %w", profile.Env, dir, perr))
	}
	return err
}
