package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
)

// The exit codes, as docs/exit-codes.md states them.
const (
	exitOK       = 0
	exitFailure  = 1
	exitUsage    = 2
	exitFindings = 3
	exitNotFound = 4
	exitInUse    = 5
	exitDamaged  = 6
	exitMend     = 7
	exitCutShort = 8
	// exitSignal is what the number of a signal is added to.
	exitSignal = 128
)

const exitCodesText = `leat ends with one of these codes:

  0    all is well; also pipelines that a signal stopped and that drained
  1    a pipeline or command failed at run time, for a reason that may go away
  2    the command line is wrong, or a pipeline file is not valid
  3    leat validate found an error, other than that of code 6
  4    what was asked for does not exist: a plugin or a checkpoint
  5    the checkpoint is in use: another leat runs this pipeline
  6    the checkpoint file is damaged, or a newer leat has written it
  7    a pipeline failed for a reason that a person has to mend
  8    a signal stopped leat, and not all was delivered within stop_timeout
  130  a second SIGINT ended leat before the pipelines had drained
  143  a second SIGTERM did

With 8, 130 and 143 nothing is lost: pipelines resume at their checkpoints.
A command other than run ends with 130 or 143 at the first signal.

leat run waits for systems that are away and runs a pipeline that has failed
anew after restart.retry_failed. It ends with one of 1 and 4 to 7 when no pipeline
is left to run, which takes retry_failed: 0s or another host that has fenced it, or
when a signal stops it while one has failed. Of several the first of 4, 5, 6, 7, 1,
8 counts.`

func exitCodesTopic() *cobra.Command {
	return &cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: exitCodesText}
}

// printed ends a command whose output has said all; it is the exit code.
type printed int

func (p printed) Error() string { return "exit code " + strconv.Itoa(int(p)) }

// usageFault is a mistake in the command line.
type usageFault struct{ error }

func (u *usageFault) Unwrap() error { return u.error }

func usageError(c *cobra.Command, err error) error {
	return &usageFault{fmt.Errorf("%w\nSee %s --help", err, c.CommandPath())}
}

// args makes a mistake in the arguments a usageFault.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if err := check(c, given); err != nil {
			return usageError(c, err)
		}
		return nil
	}
}

func exitCode(ctx context.Context, err error) int {
	var code printed
	var usage *usageFault
	var problems pipeline.Problems
	var signal *signalled
	switch {
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage), errors.As(err, &problems):
		return exitUsage
	case errors.As(context.Cause(ctx), &signal) && errors.Is(err, context.Canceled):
		return signal.code()
	case errors.Is(err, plugin.ErrNotFound), errors.Is(err, checkpoint.ErrNone):
		return exitNotFound
	case errors.Is(err, checkpoint.ErrLocked):
		return exitInUse
	case errors.Is(err, checkpoint.ErrDamaged), errors.Is(err, checkpoint.ErrNewer):
		return exitDamaged
	case needsMending(err):
		return exitMend
	case errors.Is(err, engine.ErrCutShort):
		return exitCutShort
	}
	return exitFailure
}

// needsMending says whether an error, or one of those joined in it, is for a
// person.
func needsMending(err error) bool {
	if f, ok := errors.AsType[*flow.Failure](err); ok && f.IsPermanent() {
		return true
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return slices.ContainsFunc(joined.Unwrap(), needsMending)
	}
	return errors.Is(err, plugin.ErrChecksum)
}
