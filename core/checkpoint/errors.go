package checkpoint

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Errors of a store.
var (
	// ErrLocked means that another process has the file open.
	ErrLocked = errors.New("checkpoint file is in use")
	// ErrNone means that there is no checkpoint file yet.
	ErrNone = errors.New("no checkpoint yet")
	// ErrDamaged means that a file does not prove what the checkpoints are.
	ErrDamaged = errors.New("checkpoint file is damaged")
	// ErrNewer means that a later version of leat has written the file.
	ErrNewer = errors.New("checkpoint file was written by a newer leat")
	// ErrWhole means that there is no damage to mend.
	ErrWhole = errors.New("checkpoint file is not damaged")

	errReadOnly = errors.New("the checkpoint file is closed, or open to look at only")
)

// Damage is what makes a file useless. It is an ErrDamaged.
type Damage struct {
	// Path of the file.
	Path string
	// Reason says what is wrong with it.
	Reason string
	// Kept is the copy beside it, nil if there is none that is whole.
	Kept *Kept
}

// Error names the file and says what to do.
func (d *Damage) Error() string {
	return d.What() + "; " + d.Cure()
}

// What names the file and what is wrong with it.
func (d *Damage) What() string { return fmt.Sprintf("%v: %s: %s", ErrDamaged, d.Path, d.Reason) }

// Cure says what to do.
func (d *Damage) Cure() string {
	anew := "With \"leat checkpoint delete FILE\" all sinks begin anew: with a snapshot, or without one at the end of " +
		"the source's log, and then what came since the last checkpoint is lost"
	if d.Kept == nil {
		return "no older copy is kept. Put back a backup of the file. " + anew
	}
	return fmt.Sprintf("\"leat checkpoint restore FILE\", with the pipeline's file, goes back to the copy in %s, of %s, with sinks %s: "+
		"what came since is sent again, nothing is lost. %s",
		d.Kept.Path, d.Kept.Updated.Format(time.RFC3339), strings.Join(d.Kept.Sinks, ", "), anew)
}

// Unwrap makes it an ErrDamaged.
func (d *Damage) Unwrap() error { return ErrDamaged }
