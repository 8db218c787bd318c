package pipeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Position is a place in a file. Line and Column count from 1 and are 0 where
// they are not known.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String writes file:line:column.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one fault of a pipeline file.
type Problem struct {
	Position
	// Path is the key with dots, empty if the fault is not that of one key.
	Path string `json:"path,omitempty"`
	// Message says what is wrong. Values that came from the environment or from
	// a file are shown as the reference.
	Message string `json:"message"`
	// Cure says what to do about it.
	Cure string `json:"cure,omitempty"`
}

// String writes the problem in one line.
func (p Problem) String() string {
	s := p.Position.String() + ": "
	if p.Path != "" {
		s += p.Path + ": "
	}
	s += p.Message
	if p.Cure != "" {
		s += " (" + p.Cure + ")"
	}
	return s
}

// Problems are all faults of one or several files. It is the error of Load.
type Problems []Problem

// Error writes one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// sort orders the problems of one file as they stand in it.
func (p Problems) sort() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return p
}

// err returns nil, not an empty list, where nothing is wrong.
func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}
