package config

import "errors"

// Problem is one fault of a configuration.
type Problem struct {
	// Path is the key with dots, indexes in brackets: "tables[2].name". It is
	// empty if the fault is not that of one key.
	Path string `json:"path,omitempty"`
	// Message says what is wrong, with the value unless it is secret.
	Message string `json:"message"`
	// Cure says what to do about it.
	Cure string `json:"cure,omitempty"`
	// Passing faults are those of files that somebody may be replacing: they may be
	// gone without a change of the configuration.
	Passing bool `json:"passing,omitempty"`
}

// String writes the problem in one line.
func (p Problem) String() string {
	s := p.Message
	if p.Path != "" {
		s = p.Path + ": " + s
	}
	if p.Cure != "" {
		s += " (" + p.Cure + ")"
	}
	return s
}

// At says at which key, from the struct that is validated, an error is, and
// what to do about it. It returns nil for nil. A Validate method that calls the
// one of a nested struct wraps its error with the struct's key.
func At(path, cure string, err error) error {
	if err == nil {
		return nil
	}
	return &located{path: path, cure: cure, err: err}
}

// Passing marks an error that may be gone without a change of the configuration,
// as that of a file which somebody is replacing. It returns nil for nil.
func Passing(err error) error {
	if err == nil {
		return nil
	}
	return &passing{err}
}

type passing struct{ error }

func (p *passing) Unwrap() error { return p.error }

type located struct {
	path, cure string
	err        error
}

func (l *located) Error() string {
	return Problem{Path: l.path, Message: l.err.Error()}.String()
}

func (l *located) Unwrap() error { return l.err }

// problemsOf takes joined errors apart.
func problemsOf(err error, path, cure string) []Problem {
	if err == nil {
		return nil
	}
	if l, ok := err.(*located); ok { //nolint:errorlint // only what is outermost carries the path
		if l.cure != "" {
			cure = l.cure
		}
		return problemsOf(l.err, join(path, l.path), cure)
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var problems []Problem
		for _, e := range j.Unwrap() {
			problems = append(problems, problemsOf(e, path, cure)...)
		}
		return problems
	}
	var l *located
	if errors.As(err, &l) && cure == "" {
		cure = l.cure
	}
	return []Problem{{Path: path, Message: err.Error(), Cure: cure, Passing: errors.As(err, new(*passing))}}
}
