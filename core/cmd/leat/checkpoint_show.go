package main

import (
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/status"
	"github.com/leat-io/leat/sdk"
)

// shownCheckpoint is a checkpoint as show prints it.
type shownCheckpoint struct {
	Pipeline string    `json:"pipeline"`
	Sink     string    `json:"sink"`
	Updated  time.Time `json:"updated"`
	// Position is in the source's notation; one that is not text is in Raw.
	Position status.Position `json:"position,omitempty"`
	// Skip is how many rows behind the position are done.
	Skip uint64 `json:"skip"`
	Raw  []byte `json:"position_base64,omitempty"`
	// State is the source state by its key, in bytes.
	State map[string]int `json:"state_bytes"`
	// FellBack says why this may be the checkpoint before the newest.
	FellBack string `json:"fell_back,omitempty"`
}

func (a *app) checkpointShowCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show FILE [SINK]",
		Short: "Show the checkpoints of a pipeline that does not run",
		Long:  "Show the checkpoints of a pipeline that does not run. Those of one that runs\nare served at /status of its --listen address.",
		Args:  args(cobra.RangeArgs(1, 2)),
		RunE: func(_ *cobra.Command, given []string) error {
			return a.withStore(given[0], checkpoint.OpenReadOnly, func(d *pipeline.Definition, store *checkpoint.Store) error {
				sinks, err := selected(d, store, given[1:])
				if err != nil {
					return err
				}
				return a.showCheckpoints(d, store, sinks, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the checkpoints as JSON")
	return c
}

func (a *app) showCheckpoints(d *pipeline.Definition, store *checkpoint.Store, sinks []string, asJSON bool) error {
	shown := []shownCheckpoint{}
	for _, sink := range sinks {
		if c := store.Load(sink); c != nil {
			s := show(d.Name, sink, c)
			s.FellBack = store.FellBack()
			shown = append(shown, s)
		}
	}
	if asJSON {
		return writeJSON(a.stdout, shown)
	}
	var b strings.Builder
	for i, s := range shown {
		if i > 0 {
			b.WriteByte('\n')
		}
		table(&b, s.rows())
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

func show(pipeline, sink string, c *checkpoint.Checkpoint) shownCheckpoint {
	s := shownCheckpoint{Pipeline: pipeline, Sink: sink, Updated: c.Updated, State: map[string]int{}}
	for key, value := range c.State {
		s.State[key] = len(value)
	}
	p, err := sdk.ParsePosition(c.Position)
	if err != nil || !utf8.Valid(p.Base) {
		s.Raw = c.Position
		return s
	}
	s.Position, s.Skip = status.Position(p.Base), p.Skip
	return s
}

func (s shownCheckpoint) rows() [][]string {
	position := string(s.Position)
	if s.Raw != nil {
		position = hex.EncodeToString(s.Raw)
	}
	rows := [][]string{
		{"sink", s.Sink},
		{"updated", s.Updated.Format(time.RFC3339)},
		{"position", position},
		{"rows done behind it", strconv.FormatUint(s.Skip, 10)},
	}
	if s.FellBack != "" {
		rows = append(rows, []string{"maybe not the newest", s.FellBack})
	}
	for _, key := range slices.Sorted(maps.Keys(s.State)) {
		rows = append(rows, []string{"state " + key, strconv.Itoa(s.State[key]) + " bytes"})
	}
	return rows
}
