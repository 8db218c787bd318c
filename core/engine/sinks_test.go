package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/leat-io/leat/sdk"
)

// identity is a transform that changes nothing.
type identity struct {
	config common
	name   string
}

func newTransform(c common, env sdk.Env) (sdk.Transform, error) {
	return &identity{config: c, name: env.Name}, nil
}

func (i *identity) Open(context.Context) error { return i.config.started(i.name) }

func (i *identity) Transform(_ context.Context, in *sdk.Batch, out *sdk.Output) error {
	var origin *sdk.Origin
	it := in.Records()
	for it.Next() {
		c := *it.Change()
		row, err := in.RowSchema(c.Schema)
		if err != nil {
			return err
		}
		if c.Schema, err = out.RowSchema(row); err != nil {
			return err
		}
		n, err := strconv.Atoi(string(c.After))
		if err != nil {
			return err
		}
		if err := i.config.fault(i.name, n); err != nil {
			return err
		}
		if c.Origin != origin {
			origin = c.Origin
			out.Origin(origin)
		}
		out.Change(&c)
	}
	return it.Err()
}

func (i *identity) Close(context.Context) error {
	i.config.hangs("close")
	return nil
}

type sinkConfig struct {
	Common  common        `koanf:"common" doc:"What all have."`
	Pause   time.Duration `koanf:"pause" doc:"Time that a batch takes."`
	Environ bool          `koanf:"environ" doc:"Write the environment into a file."`
}

// lines is a sink that writes a number a line.
type lines struct {
	config sinkConfig
	name   string
	file   *os.File
}

func newSink(c sinkConfig, env sdk.Env) (sdk.Sink, error) {
	return &lines{config: c, name: env.Name}, nil
}

func (l *lines) Open(context.Context) error {
	var err error
	path := filepath.Join(l.config.Common.Dir, l.name+".out")
	if l.file, err = os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return err
	}
	if l.config.Environ {
		env := strings.Join(os.Environ(), "\n")
		if err := os.WriteFile(filepath.Join(l.config.Common.Dir, "environ"), []byte(env), 0o600); err != nil {
			return err
		}
	}
	return l.config.Common.started(l.name)
}

func (l *lines) Write(_ context.Context, b *sdk.Batch, done func(error)) {
	time.Sleep(l.config.Pause)
	done(l.write(b))
}

func (l *lines) write(b *sdk.Batch) error {
	var out strings.Builder
	it := b.Records()
	for it.Next() {
		n, err := strconv.Atoi(string(it.Change().After))
		if err != nil {
			return sdk.Permanent(err)
		}
		if _, err := b.RowSchema(it.Change().Schema); err != nil {
			return err
		}
		if err := l.config.Common.fault(l.name, n); err != nil {
			return err
		}
		fmt.Fprintln(&out, n)
	}
	if err := it.Err(); err != nil {
		return err
	}
	_, err := l.file.WriteString(out.String())
	return err
}

func (l *lines) Close(context.Context) error {
	l.config.Common.hangs("close")
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

// numbers reads one a line.
func numbers(text string) []int {
	var out []int
	for _, f := range strings.Fields(text) {
		n, err := strconv.Atoi(f)
		if err != nil {
			panic(err)
		}
		out = append(out, n)
	}
	return out
}
