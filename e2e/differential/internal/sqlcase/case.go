// Package sqlcase reads cases: one SQL file each, with what it is about and options for both
// contenders in comments at its head.
//
//	-- One line on what the case shows.
//	-- phases: stream
//	-- database: odd-name
//	-- debezium: skipped.operations=none
//	-- leat: source.truncate="emit"
//	-- differs: row of docs/differences.md that holds only for cases which name it
//	-- fails: row of docs/differences.md
//
// A line `-- stream` divides statements that run before the contenders start from those that run
// while they stream. A case without it runs twice, in two databases: once as a whole before they
// start, so that they take a snapshot of its outcome, and once as a whole while they stream.
// A statement ends with a semicolon at the end of a line. {db} stands for the database's name.
package sqlcase

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Case is a parsed file.
type Case struct {
	Name, About string
	// Database is the name of the database that Stream runs in.
	Database string
	// Snapshot has statements of a second database, empty for a case that has none.
	Snapshot []string
	// Before runs before the contenders start, Stream while they stream.
	Before, Stream []string
	// Debezium and Leat are options on top of the usual ones, as name=value.
	Debezium, Leat []string
	// Differs names rows of the table of differences that hold only where they are named.
	Differs []string
	// Fails names the row of the table of differences that says why Debezium stops at this case.
	Fails string
	// Lenient says that statements may fail: those of the generator may.
	Lenient bool
}

// ErrSyntax means that a file is not a case.
var ErrSyntax = errors.New("not a case")

const divider = "-- stream"

// Load reads all cases of a folder, in the order of their names.
func Load(dir fs.FS) ([]*Case, error) {
	names, err := fs.Glob(dir, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("load cases: %w", err)
	}
	var out []*Case
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("load cases: %w", err)
		}
		c, err := Parse(strings.TrimSuffix(path.Base(name), ".sql"), string(text))
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// Parse reads one case.
func Parse(name, text string) (*Case, error) {
	c := &Case{Name: name, Database: strings.ReplaceAll(name, "-", "_")}
	phases := "both"
	lines := strings.Split(text, "\n")
	n := 0
	for ; n < len(lines) && strings.HasPrefix(lines[n], "-- ") && lines[n] != divider; n++ {
		if err := c.head(strings.TrimPrefix(lines[n], "-- "), &phases); err != nil {
			return nil, fmt.Errorf("%s.sql:%d: %w", name, n+1, err)
		}
	}
	body := "\n" + strings.Join(lines[n:], "\n")
	before, stream, divided := strings.Cut(body, "\n"+divider+"\n")
	switch {
	case divided:
		c.Before, c.Stream = Split(before), Split(stream)
	case phases == "both":
		c.Snapshot, c.Stream = Split(body), Split(body)
	case phases == "stream":
		c.Stream = Split(body)
	default:
		return nil, fmt.Errorf("%s.sql: phases: %q is neither both nor stream: %w", name, phases, ErrSyntax)
	}
	if len(c.Before)+len(c.Stream) == 0 {
		return nil, fmt.Errorf("%s.sql: no statements: %w", name, ErrSyntax)
	}
	return c, nil
}

// head takes one line of the head.
func (c *Case) head(line string, phases *string) error {
	key, value, ok := strings.Cut(line, ": ")
	switch {
	case ok && key == "phases":
		*phases = value
	case ok && key == "database":
		c.Database = value
	case ok && key == "debezium":
		c.Debezium = append(c.Debezium, value)
	case ok && key == "leat":
		c.Leat = append(c.Leat, value)
	case ok && key == "differs":
		c.Differs = append(c.Differs, value)
	case ok && key == "fails":
		c.Fails = value
	case c.About == "":
		c.About = line
	default:
		return fmt.Errorf("%q: %w", line, ErrSyntax)
	}
	return nil
}

// Split takes text apart into statements.
func Split(text string) []string {
	var out []string
	var statement []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "-- ") || len(statement) == 0 && strings.TrimSpace(line) == "" {
			continue
		}
		statement = append(statement, line)
		if strings.HasSuffix(line, ";") {
			out = append(out, strings.TrimSuffix(strings.Join(statement, "\n"), ";"))
			statement = nil
		}
	}
	if len(statement) > 0 {
		out = append(out, strings.Join(statement, "\n"))
	}
	return out
}
