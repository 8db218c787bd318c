package sdk_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// FileConfig is what a user writes below "config" in the pipeline file.
type FileConfig struct {
	Path string `koanf:"path" required:"true" doc:"File that is appended to."`
}

// File is a sink that writes a line for each message.
type File struct {
	path string
	file *os.File
}

// Open opens the file. A folder that is missing may be on its way: the error is
// transient, and Open is tried again with back-off.
func (f *File) Open(context.Context) error {
	file, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return sdk.Transient(fmt.Errorf("open file: %w", err))
	}
	f.file = file
	return nil
}

// Write is done once the lines are on the disk: the checkpoint moves past them.
// A sink that is faster hands the batch on and calls done later.
func (f *File) Write(_ context.Context, b *sdk.Batch, done func(error)) {
	done(f.write(b))
}

func (f *File) write(b *sdk.Batch) error {
	w := bufio.NewWriter(f.file)
	it := b.Records()
	for it.Next() {
		m := it.Message()
		if m == nil {
			return sdk.Permanent(fmt.Errorf("%w: a change is not a message", sdk.ErrRecord))
		}
		fmt.Fprintf(w, "%s %s=%s\n", it.Target().Topic, m.Key, m.Value)
	}
	if err := it.Err(); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return f.file.Sync()
}

// Close is called after a failed Open, too.
func (f *File) Close(context.Context) error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

// NewFile makes a sink and opens nothing.
func NewFile(c FileConfig, _ sdk.Env) (sdk.Sink, error) { return &File{path: c.Path}, nil }

// A sink: its main function is
//
//	sdk.ServeSink(info, defaults, NewFile)
func Example_sink() {
	t := &example{}
	defer t.end()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "out")
	info := sdk.Info{Name: "file-sink", Version: "1.0.0", Summary: "Appends to a file."}
	plugin := sdk.NewSink(info, func() FileConfig { return FileConfig{} }, NewFile)
	run, err := sdktest.RunSink(t, plugin, map[string]any{"path": path})
	if err != nil {
		fmt.Println(err)
		return
	}
	run.Send(sdktest.Record{
		Target:  &sdk.Target{Topic: "orders"},
		Message: &sdk.Message{Key: []byte("7"), Value: []byte("paid")},
	})
	if err := run.Settle(); err != nil {
		fmt.Println(err)
		return
	}
	lines, err := os.ReadFile(path)
	fmt.Printf("%s%v\n", lines, err)

	// Output:
	// orders 7=paid
	// <nil>
}
