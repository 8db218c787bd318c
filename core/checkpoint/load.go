package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// load reads a file. Without one there is ErrNone, unless the copy beside it says
// that there was one.
func load(path string) (*contents, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read checkpoint file: %w", err)
	}
	c, err := read(raw)
	var reason damaged
	if errors.As(err, &reason) {
		return nil, &Damage{Path: path, Reason: string(reason), Kept: findKept(path)}
	}
	if err != nil {
		return nil, fmt.Errorf("read checkpoint file %s: %w", path, err)
	}
	if !c.of(path) {
		return nil, &Damage{Path: path, Reason: fmt.Sprintf("it is the file of the pipeline %q", c.owner), Kept: findKept(path)}
	}
	c.sinks = c.sinks.clone() // what refers to raw would keep all of it in memory
	return c, nil
}

// of says whether the contents are those of the pipeline that the path is named
// after: the positions of another one, believed, could pass over rows.
func (c *contents) of(path string) bool { return c.old || c.owner == ownerOf(path) }

func missing(path string) error {
	if _, err := os.Stat(path + keptSuffix); err == nil {
		return &Damage{Path: path, Reason: "the file is gone, and the copy that is kept beside it is there", Kept: findKept(path)}
	}
	return fmt.Errorf("%w: %s", ErrNone, path)
}
